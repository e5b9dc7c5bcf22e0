"""Another number, letter, name or ratio from a day on, and days on which something rests."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall
from agencies.opening import Rest
from onboarding import fields
from onboarding.setup.forms.counters import CounterForm, ZoneForm
from onboarding.setup.forms.queues import letter, quota
from onboarding.setup.forms.starting import DayForm, FromForm
from services.models import Queue


class CounterFromForm(FromForm, CounterForm):
    """One counter: its number and zone from a day on."""

    field_order = ("number", "place", "from_date")


class ZoneFromForm(FromForm, ZoneForm):
    """Another name for a zone from a day on."""

    field_order = ("old", "new", "from_date")


class QueueForm(FromForm):
    """One queue: its letter, name and quota from a day on."""

    letter = letter()
    name = forms.CharField(label=_("Nama antrean"), max_length=Queue.name.field.max_length)
    daily_quota = quota()
    field_order = ("letter", "name", "daily_quota", "from_date")


class RatioForm(FromForm):
    """How many priority people are called before one regular, from a day on."""

    priority_ratio = forms.IntegerField(
        label=_("Prioritas per satu reguler"),
        min_value=1,
        max_value=9,
        help_text=Mall._meta.get_field("priority_ratio").help_text,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Isi angka 1 sampai 9.")
        ),
    )
    field_order = ("priority_ratio", "from_date")


class RestForm(DayForm):
    """Days on which something is not in use."""

    first = fields.day(_("Tidak dipakai mulai"))
    last = fields.day(
        _("Sampai"), help_text=_("Hari terakhir. Kosong berarti seterusnya."), required=False
    )

    def clean_first(self) -> date:
        return self.coming("first")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("Hari terakhir tidak boleh sebelum hari pertamanya."))
        if last and fields.too_far(last, self.today):
            self.add_error("last", _("Tanggal itu terlalu jauh."))
        return data

    @property
    def rest(self) -> Rest:
        return Rest(self.cleaned_data["first"], self.cleaned_data["last"])


class UseForm(DayForm):
    """From when something is in use again."""

    first = fields.day(_("Dipakai lagi mulai"))

    def clean_first(self) -> date:
        return self.coming("first")
