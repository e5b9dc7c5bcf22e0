"""What somebody types who applies for a place of a day: when they could come, and who they are."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.forms import PersonForm
from appointments.slots import Slot
from core import formats


class ApplicationForm(PersonForm):
    """The windows that suit, and the person; all windows suit unless somebody says otherwise."""

    wishes = forms.TypedMultipleChoiceField(
        label=_("Jam yang cocok"),
        coerce=int,
        help_text=_("Makin banyak jam yang cocok, makin besar kemungkinan mendapat tempat."),
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Pilih paling sedikit satu jam yang cocok.")
        ),
    )

    def __init__(self, *args: Any, windows: Sequence[Slot], zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, field_order=("wishes", *self.field_order), **kwargs)
        choices = [
            (
                int(each.starts_at.timestamp()),
                formats.clock_range(each.starts_at, each.ends_at, zone),
            )
            for each in windows
        ]
        self.fields["wishes"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("wishes", [value for value, _label in choices])

    @property
    def moments(self) -> list[datetime]:
        return [datetime.fromtimestamp(each, UTC) for each in self.cleaned_data["wishes"]]


class OfferForm(forms.Form):
    """Which offer is answered."""

    offer = forms.IntegerField(min_value=1, max_value=2**62)

    @property
    def id(self) -> int:
        """The offer's id; 0 is none."""
        return int(self.cleaned_data["offer"]) if self.is_valid() else 0


def day_of(text: str) -> date | None:
    """The date that an address asks for, "2026-03-10"."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
