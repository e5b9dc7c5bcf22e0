"""What somebody who reserves types: papers and priority, a time, and who it is for."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, NamedTuple
from uuid import uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from appointments.people import Person
from core import identity
from notifications.contacts import Reach
from notifications.forms import ChannelsField, EmailField, by_phone
from notifications.states import Channel
from queueing.states import Priority

LATEST = 4_102_444_800  # the year 2100: no time that somebody means lies behind it
HINTS = {
    Priority.NONE: _("Untuk semua orang"),
    Priority.ELDERLY: _("60 tahun ke atas"),
    Priority.DISABILITY: _("Juga yang tidak tampak"),
    Priority.PREGNANT: _("Semua usia kandungan"),
    Priority.TODDLER: _("Anak di bawah 5 tahun"),
}
UNTICKED = _(
    "Centang setiap dokumen yang sudah Anda siapkan. Bila ada yang belum lengkap, lengkapi dahulu"
    " agar Anda tidak datang dua kali."
)


class Paper(NamedTuple):
    """A document to tick."""

    text: str | Promise
    note: str
    is_ticked: bool


class Lane(NamedTuple):
    """A priority to choose."""

    value: int
    label: str | Promise
    hint: str | Promise
    is_chosen: bool


def lane_field(label: Any = None) -> forms.TypedChoiceField:
    """Regular, or one of the priorities; one of them must be chosen."""
    unchosen = _("Pilih reguler atau salah satu jalur prioritas.")
    return forms.TypedChoiceField(
        label=label,
        choices=Priority,
        coerce=lambda value: Priority(int(value)),
        initial=Priority.NONE,
        error_messages={"required": unchosen, "invalid_choice": unchosen},
    )


def _typed(
    label: Any,
    help_text: Any,
    *,
    most: int = 40,
    missing: Any,
    too_long: Any,
    required: bool = True,
    **attributes: str,
) -> forms.CharField:
    """A line that somebody types; the attributes tell a phone which keys to show."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=required,
        widget=forms.TextInput(attrs=attributes),
        error_messages={"required": missing, "max_length": too_long},
    )


class PreparationForm(forms.Form):
    """Every requirement ticked, and the priority that somebody asks for."""

    papers = forms.MultipleChoiceField(
        error_messages={"required": UNTICKED, "invalid_choice": UNTICKED}
    )
    priority = lane_field()

    def __init__(self, *args: Any, papers: Sequence[dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Ticked by their words, as on the page of the service: the device remembers those.
        self.wanted: dict[str | Promise, str] = {
            each["text"]: each.get("note", "") for each in papers
        } or {_("Dokumen saya lengkap"): ""}
        choices = [(str(text), text) for text in self.wanted]
        self.fields["papers"].choices = choices  # type: ignore[attr-defined]

    def clean_papers(self) -> list[str]:
        ticked: list[str] = self.cleaned_data["papers"]
        if set(ticked) != {str(text) for text in self.wanted}:
            raise forms.ValidationError(UNTICKED)
        return ticked

    def documents(self) -> list[Paper]:
        """What is to be ticked, with the ticks that were sent."""
        ticked = self["papers"].value() or []
        return [Paper(text, note, str(text) in ticked) for text, note in self.wanted.items()]

    def lanes(self) -> list[Lane]:
        """The priorities, with the one that was sent."""
        chosen = str(self["priority"].value() or Priority.NONE.value)
        return [
            Lane(each.value, each.label, HINTS[each], str(each.value) == chosen)
            for each in Priority
        ]


class TimeForm(forms.Form):
    """A window by the second it begins; it was chosen by a link."""

    starts_at = forms.IntegerField(
        min_value=0,
        max_value=LATEST,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Pilih dahulu jam datangnya.")
        ),
    )

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.cleaned_data["starts_at"], UTC)


class CodeForm(forms.Form):
    """The code that was sent by phone, or the wish for another one."""

    code = _typed(
        _("Kode 6 angka"),
        "",
        most=20,
        missing="",
        too_long=_("Kode berisi 6 angka."),
        required=False,
        autocomplete="one-time-code",
        inputmode="numeric",
        autofocus="autofocus",
    )
    again = forms.BooleanField(required=False)

    @property
    def given(self) -> tuple[str, bool]:
        """What was typed, and whether another code is wanted."""
        self.full_clean()
        typed = self.cleaned_data.get("code", "x")  # what is no code at all is a wrong one
        return typed, bool(self.cleaned_data.get("again"))


class PersonForm(forms.Form):
    """Who a place is for, cleaned."""

    WHO: ClassVar = [("", _("Untuk saya sendiri")), ("1", _("Untuk anak atau orang tua saya"))]

    name = _typed(
        _("Nama yang datang"),
        _("Seperti pada KTP atau akta."),
        most=80,
        missing=_("Isi nama orang yang akan datang."),
        too_long=_("Nama paling panjang 80 huruf."),
        autocomplete="name",
        autocapitalize="words",
    )
    phone = _typed(
        _("Nomor ponsel"),
        _("Misalnya 0812 3456 7890. Hanya untuk reservasi ini."),
        missing=_("Isi nomor ponsel Anda."),
        too_long=_("Nomor ponsel diawali 08 dan berisi 10 sampai 13 angka."),
        autocomplete="tel",
        inputmode="tel",
    )
    nik = _typed(
        _("NIK yang datang"),
        _("16 angka pada KTP-el atau Kartu Keluarga. Layanan ini memerlukannya."),
        missing=_("Isi NIK orang yang akan datang."),
        too_long=_("NIK berisi 16 angka."),
        autocomplete="off",
        inputmode="numeric",
    )
    channels = ChannelsField(
        label=_("Kabari lewat"),
        help_text=_("Konfirmasi dan pengingat dikirim ke nomor ini."),
    )
    email = EmailField(
        label=_("Surel (boleh kosong)"),
        help_text=_("Juga untuk konfirmasi dan pengingat."),
    )
    is_for_other = forms.ChoiceField(
        label=_("Untuk siapa?"),
        choices=WHO,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Pilih salah satu.")},
    )
    # Each form has its own, so that a double tap books once.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    field_order = ("is_for_other", "name", "phone", "channels", "email", "nik")

    def __init__(
        self, *args: Any, needs_nik: bool, on: Collection[Channel] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not needs_nik:
            del self.fields["nik"]
        # Only what the mall can send through: elsewhere the form is no longer than it must be.
        if choices := by_phone(on):
            self.fields["channels"].choices = choices  # type: ignore[attr-defined]
            self.initial.setdefault("channels", [value for value, _name in choices])
        else:
            del self.fields["channels"]
        if Channel.EMAIL not in on:
            del self.fields["email"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(sign.isalpha() for sign in name):
            raise forms.ValidationError(_("Nama berisi huruf. Periksa lagi."))
        return name

    def clean_phone(self) -> str:
        found = identity.phone(self.cleaned_data["phone"])
        if found is None:
            raise forms.ValidationError(
                _("Nomor ponsel diawali 08 dan berisi 10 sampai 13 angka. Periksa lagi.")
            )
        return found

    def clean_nik(self) -> str:
        typed: str = self.cleaned_data["nik"]
        found = identity.nik(typed)
        if found is None:
            digits = sum(sign.isdecimal() for sign in typed)
            if digits != 16:
                raise forms.ValidationError(
                    _("Yang diisi %(count)d angka, NIK berisi 16 angka. Periksa lagi."),
                    params={"count": digits},
                )
            raise forms.ValidationError(
                _("Angka ini bukan NIK: periksa kode wilayah dan tanggal lahir di dalamnya.")
            )
        return found

    @property
    def person(self) -> Person:
        return Person(
            self.cleaned_data["name"],
            self.cleaned_data["phone"],
            self.cleaned_data.get("nik", ""),
            bool(self.cleaned_data["is_for_other"]),
            self._reach(),
        )

    def _reach(self) -> Reach:
        """How the person is reached; the page of the reservation tells them in any case."""
        email = self.cleaned_data.get("email", "")
        channels = {*self.cleaned_data.get("channels", ()), *([Channel.EMAIL] if email else [])}
        language = get_language() or "id"
        return Reach(self.cleaned_data["phone"], email, frozenset(channels), language)
