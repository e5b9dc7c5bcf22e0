"""From which day what is typed holds: today, when nothing is said."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding import fields


class DayForm(forms.Form):
    """A form that knows what day it is, for the one field that names another."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def coming(self, name: str) -> date:
        """The day a field names, today when it is empty; what has been is not changed."""
        on: date = self.cleaned_data.get(name) or self.today
        if fields.too_far(on, self.today):
            raise forms.ValidationError(_("Tanggal itu terlalu jauh."))
        if on < self.today:
            raise forms.ValidationError(
                _("Tanggal itu sudah lewat. Pilih hari ini atau sesudahnya.")
            )
        return on


class FromForm(DayForm):
    """Something that is to be otherwise from a day on."""

    from_date = fields.day(
        _("Berlaku mulai"),
        help_text=_("Kosong berarti sekarang. Tanggal nanti berlaku sebelum buka pada hari itu."),
        required=False,
    )

    def clean_from_date(self) -> date:
        return self.coming("from_date")


class NewForm(DayForm):
    """Something new that is in use from a day on."""

    begins = fields.day(
        _("Dipakai mulai"),
        help_text=_("Kosong berarti sekarang. Sebelum tanggalnya tidak dapat dipakai."),
        required=False,
    )

    def clean_begins(self) -> date | None:
        on = self.coming("begins")
        return on if on > self.today else None
