"""What is typed about reports: the letter, a note, and which ones are asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring import periods
from monitoring.models import Kind
from monitoring.periods import Period
from monitoring.reports.editions import Letter

UNSAID = {"required": _("Isi dahulu.")}
LONGEST_NOTE = 2000


class LetterForm(forms.Form):
    """With what a report is sent."""

    number = forms.CharField(
        label=_("Nomor surat"),
        help_text=_("Menurut tata naskah Anda, misalnya 500.16/123/DPMPTSP/2026."),
        max_length=80,
        error_messages=UNSAID,
    )
    signatory = forms.CharField(
        label=_("Nama penanda tangan"), max_length=120, error_messages=UNSAID
    )
    position = forms.CharField(
        label=_("Jabatan"),
        help_text=_("Misalnya Kepala Dinas."),
        max_length=120,
        error_messages=UNSAID,
    )

    @property
    def letter(self) -> Letter:
        return Letter(**self.cleaned_data)


class NoteForm(forms.Form):
    """Why a report is given back."""

    note = forms.CharField(
        label=_("Yang perlu diperbaiki"),
        help_text=_("Dibaca oleh admin mal. Jangan menulis nama atau data pribadi."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=UNSAID,
    )


class AskForm(forms.Form):
    """Which report is wanted; the period decides its kind."""

    mal = forms.SlugField(max_length=60)
    masa = forms.CharField(max_length=8)

    def clean_masa(self) -> Period:
        period = periods.parsed(self.cleaned_data["masa"])
        if period is None or period.kind not in Kind.values:
            raise forms.ValidationError(_("Pilih minggu, bulan, atau tahun dari daftar."))
        return period

    @property
    def kind(self) -> Kind:
        return Kind(self.cleaned_data["masa"].kind.value)


class YearForm(forms.Form):
    """Which year and province of the ministry's table is wanted; what makes no sense is not."""

    tahun = forms.IntegerField(
        required=False, min_value=periods.FIRST_YEAR, max_value=periods.LAST_YEAR
    )
    provinsi = forms.CharField(required=False, max_length=60)

    @property
    def asked(self) -> dict[str, Any]:
        self.full_clean()
        data = self.cleaned_data
        return {"year": data.get("tahun"), "province": data.get("provinsi") or ""}
