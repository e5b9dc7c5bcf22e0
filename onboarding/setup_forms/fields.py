"""Fields that the forms of the sequence have in common."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hall.forms import TimeField
from onboarding import ranges

Label = Any  # a text or one still to be translated


def day(label: Label, *, help_text: Label = "", required: bool = True) -> forms.DateField:
    said = _("Isi tanggalnya, misalnya 2026-03-10.")
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": said, "invalid": said},
    )


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


def too_far(on: date, today: date) -> bool:
    """Nobody arranges a mall beyond the next five years."""
    return abs((on - today).days) > 5 * 366


def without_nul(text: str) -> str:
    """The text, unless it has a sign no database keeps; Django looks for it in texts only."""
    if "\x00" in text:
        raise forms.ValidationError(_("Ada tanda yang tidak dapat disimpan. Ketik ulang isinya."))
    return text
