"""What people of a mall type about services: the register, the link out, and the pledge."""

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Presence
from core.lines import LinesField
from services.models import Pledge, Queue, Service
from services.pledges import Wording
from services.register import Entry
from services.standard_forms import day_field

MOST_MINUTES = 240
MOST_WORDS, LONGEST_WORD = 40, 60
MOST_SENTENCES, LONGEST_SENTENCE = 8, 300


def _listed(lines: list[str], most: int, longest: int) -> list[str]:
    if len(lines) > most or any(len(line) > longest for line in lines):
        raise forms.ValidationError(
            _("Paling banyak %(lines)d baris, masing-masing paling panjang %(signs)d huruf.")
            % {"lines": most, "signs": longest}
        )
    return lines


def _of(model: Any, name: str) -> int | None:
    longest: int | None = model._meta.get_field(name).max_length
    return longest


class EntryForm(forms.Form):
    """What the register says of a service."""

    name = forms.CharField(label=gettext_lazy("Nama layanan"), max_length=_of(Service, "name"))
    name_en = forms.CharField(
        label=gettext_lazy("Nama Inggris"),
        max_length=_of(Service, "name_en"),
        required=False,
        help_text=gettext_lazy("Boleh dikosongkan."),
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    queue = forms.ModelChoiceField(
        Queue.objects.none(),
        label=gettext_lazy("Antrean"),
        empty_label=gettext_lazy("Pilih antrean"),
        help_text=gettext_lazy("Pemohon layanan ini mengambil nomor dari antrean itu."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Perkiraan menit di loket"),
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=gettext_lazy("Untuk memperkirakan waktu tunggu, sebelum ada catatan sendiri."),
    )
    keywords = LinesField(
        label=gettext_lazy("Kata yang dicari orang"),
        required=False,
        help_text=gettext_lazy("Satu setiap baris, seperti orang menyebutnya: bikin paspor"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    limits = forms.CharField(
        label=gettext_lazy("Batasan di mal ini"),
        max_length=_of(Service, "limits"),
        required=False,
        help_text=gettext_lazy("Apa yang tidak dilayani di sini. Boleh dikosongkan."),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("Ditawarkan kepada masyarakat"), required=False, initial=True
    )

    def __init__(self, *args: Any, presence: Presence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queues = Queue.objects.filter(presence=presence).order_by("letter")
        self.fields["queue"].queryset = queues  # type: ignore[attr-defined]

    def clean_keywords(self) -> list[str]:
        return _listed(self.cleaned_data["keywords"], MOST_WORDS, LONGEST_WORD)

    @property
    def entry(self) -> Entry:
        data = {name: self.cleaned_data[name] for name in EntryForm.base_fields}
        return Entry(**data | {"keywords": tuple(data["keywords"])})

    @staticmethod
    def start(service: Service) -> dict[str, Any]:
        """The form of a service as it is."""
        return {name: getattr(service, name) for name in EntryForm.base_fields}


class NewForm(EntryForm):
    """A service that is not there yet; its code never changes."""

    code = forms.CharField(
        label=gettext_lazy("Kode"),
        max_length=_of(Service, "code"),
        validators=[validate_slug],
        help_text=gettext_lazy("Huruf, angka, dan tanda hubung, misalnya DUK-01. Tetap selamanya."),
        error_messages={"invalid": gettext_lazy("Pakai huruf, angka, dan tanda hubung saja.")},
    )

    field_order = ("code",)


class LinkForm(forms.Form):
    """Where a service is booked instead of here."""

    name = forms.CharField(
        label=gettext_lazy("Nama sistem reservasi"),
        max_length=_of(Service, "booked_with"),
        required=False,
        help_text=gettext_lazy("Misalnya M-Paspor. Kosongkan keduanya bila dipesan di sini."),
    )
    address = forms.CharField(
        label=gettext_lazy("Alamatnya"),
        max_length=_of(Service, "booked_at"),
        required=False,
        validators=Service.booked_at.field.validators,
        help_text=gettext_lazy("Lengkap, dengan https://"),
        widget=forms.URLInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on one page with the form of the register, which has a name too.
        super().__init__(*args, **kwargs | {"auto_id": "id_link_%s"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("name")) != bool(data.get("address")) and not self.errors:
            self.add_error(
                "address" if data.get("name") else "name",
                _("Isi nama dan alamat reservasinya, atau kosongkan keduanya."),
            )
        return data


class PledgeForm(forms.Form):
    """How a pledge is worded and who signed it."""

    sentences = LinesField(
        label=gettext_lazy("Kalimat maklumat"),
        help_text=gettext_lazy("Satu kalimat setiap baris, paling banyak delapan."),
        widget=forms.Textarea(attrs={"rows": 6, "lang": "id"}),
    )
    decree_number = forms.CharField(
        label=gettext_lazy("Nomor keputusan"),
        max_length=_of(Pledge, "decree_number"),
        required=False,
        help_text=gettext_lazy("Boleh dikosongkan bila maklumat berdiri sendiri."),
    )
    decree_date = day_field(gettext_lazy("Tanggal keputusan"), required=False)
    signatory = forms.CharField(
        label=gettext_lazy("Penanda tangan"), max_length=_of(Pledge, "signatory")
    )
    position = forms.CharField(label=gettext_lazy("Jabatan"), max_length=_of(Pledge, "position"))
    place = forms.CharField(
        label=gettext_lazy("Tempat penandatanganan"),
        max_length=_of(Pledge, "place"),
        required=False,
    )
    signed_on = day_field(gettext_lazy("Tanggal penandatanganan"))

    def clean_sentences(self) -> list[str]:
        return _listed(self.cleaned_data["sentences"], MOST_SENTENCES, LONGEST_SENTENCE)

    @property
    def wording(self) -> Wording:
        return Wording(**self.cleaned_data | {"sentences": tuple(self.cleaned_data["sentences"])})

    @staticmethod
    def start(pledge: Pledge) -> dict[str, Any]:
        """The form of a pledge as it is."""
        return {name: getattr(pledge, name) for name in PledgeForm.base_fields}
