"""Fields that forms have in common: days, hours, numbers of counters, people and scans."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import uploads
from core.errors import Refused, tried
from core.lines import LinesField
from core.uploads import Accepted, Kind
from hall.forms import TimeField
from onboarding import ranges

Label = Any  # a text or one still to be translated
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
PEOPLE, PERSON = 100, 160  # lines of a list of those present, and letters of each


def day(label: Label, *, help_text: Label = "", required: bool = True) -> forms.DateField:
    """A day as browsers and people write it."""
    said = _("Isi tanggalnya, misalnya 2026-03-10.")
    field = forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(("required", "invalid"), said),
    )
    field.validators.append(_in_our_time)
    return field


def _in_our_time(value: date) -> None:
    if not FIRST <= value <= LAST:
        raise forms.ValidationError(_("Isi tahun antara 2000 dan 2099."))


def clock(label: Label) -> forms.TimeField:
    said = _("Isi jamnya, misalnya 09.00.")
    return TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "aria-label": label}, format="%H:%M"),
        error_messages={"invalid": said},
    )


class NumbersField(forms.CharField):
    """Numbers of counters: "1–8, 12A" becomes a list of numbers."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return ranges.parse(text or "")
        except ranges.NotNumbers as wrong:
            raise forms.ValidationError(
                _("“%(part)s” bukan nomor loket. Tulis seperti 1–8, 12A."),
                params={"part": str(wrong)[:40]},
            ) from wrong

    def prepare_value(self, value: Any) -> Any:
        return ranges.write(value) if isinstance(value, list | set | frozenset) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def text(
    label: Label, most: int, *, help_text: Label = "", required: bool = True
) -> forms.CharField:
    """A line of text that must not be empty unless it says so."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=most,
        error_messages={"required": _("Isi bagian ini.")},
    )


class PresentField(LinesField):
    """Who was there, one person on each line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Yang hadir"),
            required=False,
            help_text=_("Satu orang per baris: nama, lalu jabatannya."),
            widget=forms.Textarea(attrs={"rows": 4}),
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        lines: list[str] = super().to_python(value)
        if len(lines) > PEOPLE or any(len(line) > PERSON for line in lines):
            said = _("Paling banyak 100 baris, masing-masing paling panjang 160 huruf.")
            raise forms.ValidationError(said)
        # What no database stores is nobody's name.
        return [line.replace("\x00", "") for line in lines]


class ScanField(forms.FileField):
    """A scan or photograph; it is judged by what is in it and written anew."""

    widget = forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("PDF, PNG, atau JPEG, paling besar 2 MB."))
        super().__init__(required=False, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Accepted | None:
        if not data:
            return None
        found = tried(lambda: uploads.accept(data, kinds=tuple(Kind)), uploads.NotAccepted)
        if isinstance(found, Refused):
            raise forms.ValidationError(str(found))
        return found


def too_far(on: date, today: date) -> bool:
    """Nobody arranges a mall beyond the next five years."""
    return abs((on - today).days) > 5 * 366


def without_nul(text: str) -> str:
    """The text, unless it has a sign no database keeps; Django looks for it in texts only."""
    if "\x00" in text:
        raise forms.ValidationError(_("Ada tanda yang tidak dapat disimpan. Ketik ulang isinya."))
    return text
