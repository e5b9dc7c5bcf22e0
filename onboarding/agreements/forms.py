"""What somebody who drafts, signs and ends agreements types."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.agreement_states import State
from agencies.models import Agreement, Category, Presence
from onboarding.agreements.register import Signing
from onboarding.fields import PresentField, ScanField, day, text


class ListForm(forms.Form):
    """What of the list is asked for; what makes no sense is not asked."""

    q = forms.CharField(required=False, max_length=80)
    jenis = forms.ChoiceField(required=False, choices=[("", ""), *Agreement.Kind.choices])
    keadaan = forms.ChoiceField(required=False, choices=[("", ""), *State.choices])
    instansi = forms.IntegerField(required=False, min_value=0, max_value=2**31)
    segera = forms.BooleanField(required=False)


class FromForm(forms.Form):
    """From which document a new one begins."""

    adendum = forms.IntegerField(required=False, min_value=0, max_value=2**31)
    instansi = forms.IntegerField(required=False, min_value=0, max_value=2**31)
    perpanjang = forms.IntegerField(required=False, min_value=0, max_value=2**31)
    salin = forms.IntegerField(required=False, min_value=0, max_value=2**31)


class FileForm(forms.Form):
    """A scan and what it shows."""

    title = text(_("Judul berkas"), 120, help_text=_("Misalnya: Naskah bertanda tangan."))
    file = ScanField(label=_("Berkas"))

    def clean_file(self) -> Any:
        if self.cleaned_data["file"] is None:
            raise forms.ValidationError(_("Pilih berkasnya."))
        return self.cleaned_data["file"]


class SigningForm(forms.Form):
    """Which documents are signed, where, when, and before whom."""

    drafts = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu dokumen yang lengkap.")},
    )
    on = day(_("Tanggal penandatanganan"))
    place = text(_("Tempat"), 160)
    title = text(
        _("Nama acara"),
        160,
        required=False,
        help_text=_("Boleh kosong bila satu dokumen ditandatangani tanpa acara."),
    )
    present = PresentField()

    def __init__(self, *args: Any, drafts: Iterable[Agreement], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choices = [(each.pk, each.title) for each in drafts]
        self.fields["drafts"].choices = choices  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("Hari itu belum tiba. Simpan dahulu sebagai draf."))
        return on

    @property
    def signing(self) -> Signing:
        data = self.cleaned_data
        return Signing(data["on"], data["place"], data["title"], tuple(data["present"]))

    def ticked(self) -> set[str]:
        """What is ticked now, also while something else is wrong."""
        return {str(pk) for pk in self["drafts"].value() or []}


class EndForm(forms.Form):
    """The last day of a document that ends early, and why."""

    on = day(_("Hari terakhir"), help_text=_("Sampai dengan hari ini loketnya masih dibuka."))
    reason = text(_("Alasan"), 300, help_text=_("Instansi akan membacanya."))

    def __init__(self, *args: Any, today: date, last: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.last = today, last

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on < self.today:
            raise forms.ValidationError(_("Tanggal itu sudah lewat. Paling cepat hari ini."))
        if self.last is not None and on >= self.last:
            raise forms.ValidationError(_("Dokumen ini sudah berakhir paling lambat hari itu."))
        return on


class MinutesForm(forms.Form):
    """The photograph or the minutes of a signing."""

    file = ScanField(label=_("Foto atau berita acara"))

    def clean_file(self) -> Any:
        if self.cleaned_data["file"] is None:
            raise forms.ValidationError(_("Pilih berkasnya."))
        return self.cleaned_data["file"]


class AgenciesForm(forms.Form):
    """Which of the agencies at a mall are asked for; what makes no sense is not asked."""

    q = forms.CharField(required=False, max_length=80)
    kategori = forms.ChoiceField(required=False, choices=[("", ""), *Category.choices])
    dasar = forms.ChoiceField(required=False, choices=[("", ""), *Presence.Basis.choices])
    keadaan = forms.ChoiceField(required=False, choices=[("", ""), ("aktif", ""), ("tidak", "")])


class PeriodForm(forms.Form):
    """Which week or month is asked for; what makes no sense is not asked."""

    bulan = forms.DateField(required=False, input_formats=["%Y-%m"])
    minggu = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
