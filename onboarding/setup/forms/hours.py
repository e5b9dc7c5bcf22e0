"""The hours of a week from a day on, and of special days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from agencies.models import DatedHours, Weekday
from agencies.opening import Hours
from onboarding import fields
from onboarding.setup.arranging.hours import Special

TIMES = ("opens", "break_from", "break_until", "closes")
LABELS = (_("Jam buka"), _("Istirahat dari"), _("Istirahat sampai"), _("Jam tutup"))


def wrong(opens: time | None, begins: time | None, ends: time | None, closes: time | None) -> Any:
    """What is wrong with the hours of one day, as a sentence; None when they are sound."""
    if not any((opens, begins, ends, closes)):
        return None
    if opens is None or closes is None:
        return _("Isi jam buka dan jam tutup, atau kosongkan keduanya bila tutup.")
    if opens >= closes:
        return _("Jam buka harus sebelum jam tutup.")
    if (begins is None) != (ends is None):
        return _("Istirahat perlu awal dan akhirnya.")
    if begins and ends and not opens <= begins < ends <= closes:
        return _("Istirahat harus di antara jam buka dan jam tutup.")
    return None


@dataclass(frozen=True)
class Row:
    """One weekday of the form, with the button that makes it like the day before."""

    weekday: Weekday
    times: tuple[BoundField, ...]

    @property
    def errors(self) -> list[str]:
        return [str(error) for each in self.times for error in each.errors]


class WeekForm(forms.Form):
    """The hours of all seven weekdays from a day on; a day without any is closed."""

    from_date = fields.day(_("Berlaku dari"))

    def __init__(self, *args: Any, earliest: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earliest, self.today = earliest, today
        for day in Weekday:
            for name, label in zip(TIMES, LABELS, strict=True):
                field = fields.clock(f"{day.label}: {label}")
                self.fields[f"{name}_{day.value}"] = field

    def rows(self) -> list[Row]:
        return [Row(day, tuple(self[f"{name}_{day.value}"] for name in TIMES)) for day in Weekday]

    def clean_from_date(self) -> date:
        on: date = self.cleaned_data["from_date"]
        if fields.too_far(on, self.today):
            raise forms.ValidationError(_("Tanggal itu terlalu jauh."))
        if on < self.earliest:
            raise forms.ValidationError(_("Mal ini sudah melayani: paling cepat besok."))
        return on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for day in Weekday:
            names = [f"{name}_{day.value}" for name in TIMES]
            if any(name in self.errors for name in names):
                continue
            said = wrong(*(data.get(name) for name in names))
            if said:
                self.add_error(names[0], said)
        if not self.errors and not any(self.week.values()):
            self.add_error(None, _("Isi jam paling sedikit satu hari."))
        return data

    @property
    def week(self) -> dict[int, Hours | None]:
        return {day.value: _hours(self.cleaned_data, f"_{day.value}") for day in Weekday}

    @staticmethod
    def of(week: Mapping[int, Hours | None], from_date: date) -> dict[str, Any]:
        """Hours as the form shows them."""
        shown: dict[str, Any] = {"from_date": from_date}
        for day, hours in week.items():
            if hours is not None:
                shown |= {f"{name}_{day}": getattr(hours, name) for name in TIMES}
        return shown

    @staticmethod
    def copied(data: Mapping[str, Any], which: str) -> dict[str, Any]:
        """What was typed, with a day made like the one before, or five days like Monday."""
        shown = {name: data.get(name, "") for name in data}
        pairs = [(int(which), int(which) - 1)] if which in set("123456") else []
        pairs = [(day, 0) for day in range(1, 5)] if which == "all" else pairs
        for day, source in pairs:
            shown |= {f"{name}_{day}": shown.get(f"{name}_{source}", "") for name in TIMES}
        return shown


def _hours(data: Mapping[str, Any], suffix: str = "") -> Hours | None:
    opens, closes = data.get(f"opens{suffix}"), data.get(f"closes{suffix}")
    if opens is None or closes is None:
        return None
    return Hours(opens, closes, data.get(f"break_from{suffix}"), data.get(f"break_until{suffix}"))


class SpecialForm(forms.Form):
    """Days on which the mall opens otherwise, or not at all."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=DatedHours.reason.field.max_length,
        help_text=_("Dibaca pengunjung, misalnya: Jam layanan Ramadan."),
    )
    from_date = fields.day(_("Dari tanggal"))
    until_date = fields.day(_("Sampai tanggal"))
    weekday = forms.TypedChoiceField(
        label=_("Hanya hari"),
        choices=[("", _("Setiap hari di antaranya")), *Weekday.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    opens = fields.clock(_("Jam buka"))
    break_from = fields.clock(_("Istirahat dari"))
    break_until = fields.clock(_("Istirahat sampai"))
    closes = fields.clock(_("Jam tutup"))
    overrides_holidays = forms.BooleanField(label=_("Buka juga pada hari libur"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def times(self) -> list[BoundField]:
        return [self[name] for name in TIMES]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("from_date"), data.get("until_date")
        if begins and ends and begins > ends:
            self.add_error("until_date", _("Hari terakhir tidak boleh sebelum hari pertamanya."))
        if begins and ends and (fields.too_far(begins, self.today) or fields.too_far(ends, begins)):
            self.add_error("from_date", _("Tanggal itu terlalu jauh."))
        if not any(name in self.errors for name in TIMES):
            said = wrong(*(data.get(name) for name in TIMES))
            if said:
                self.add_error("opens", said)
        return data

    @property
    def special(self) -> Special:
        data = self.cleaned_data
        same = ("from_date", "until_date", "reason", "weekday", "overrides_holidays")
        return Special(hours=_hours(data), **{name: data[name] for name in same})
