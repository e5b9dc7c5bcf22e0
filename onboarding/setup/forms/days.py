"""Weekdays and counters: of all agencies by decree on one page, and of one agency day by day."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter, Presence, Weekday
from onboarding import fields
from onboarding.fields import NumbersField
from onboarding.setup.arranging.days import Attended
from services.models import Queue

SHORT = (_("Sen"), _("Sel"), _("Rab"), _("Kam"), _("Jum"), _("Sab"), _("Min"))
Week = dict[int, set[int]]


class FromForm(forms.Form):
    """Days that hold from a day on."""

    from_date = fields.day(_("Berlaku dari"))

    def __init__(
        self, *args: Any, counters: Iterable[Counter], earliest: date, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = {each.number: each.pk for each in counters}
        self.earliest, self.today = earliest, today
        self.fields["from_date"].initial = max(earliest, today)

    def clean_from_date(self) -> date:
        on: date = self.cleaned_data["from_date"]
        if fields.too_far(on, self.today):
            raise forms.ValidationError(_("Tanggal itu terlalu jauh."))
        if on < self.earliest:
            raise forms.ValidationError(_("Jadwal yang sudah berjalan berubah paling cepat besok."))
        return on

    def ids(self, name: str) -> set[int]:
        """The counters that a field names; one the mall does not have is an error of the field."""
        numbers = self.cleaned_data.get(name) or []
        unknown = [each for each in numbers if each not in self.numbers]
        if unknown:
            said = _("Loket %(number)s tidak ada di mal ini.") % {"number": ", ".join(unknown[:5])}
            self.add_error(name, said)
            return set()
        return {self.numbers[each] for each in numbers}

    def named(self, ids: Collection[int]) -> list[str]:
        return [number for number, pk in self.numbers.items() if pk in ids]


@dataclass(frozen=True)
class Row:
    """An agency of the page; one whose counters differ by day is changed on its own page."""

    presence: Presence
    attended: Attended
    days: BoundField | None
    counters: BoundField | None


class DaysForm(FromForm):
    """For each agency its weekdays, and the counters it has on all of them."""

    def __init__(
        self,
        *args: Any,
        presences: Iterable[Presence],
        attended: Mapping[int, Attended],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.presences, self.attended = list(presences), attended
        self.week: dict[int, Week] = {}
        for each in self.presences:
            known = attended[each.pk]
            if known.everywhere is None:
                continue
            self.fields[f"days_{each.pk}"] = forms.TypedMultipleChoiceField(
                label=_("Hari hadir"),
                choices=list(zip(Weekday.values, SHORT, strict=True)),
                coerce=int,
                required=False,
                initial=known.weekdays or list(range(5)),
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"counters_{each.pk}"] = NumbersField(
                label=_("Loket"),
                required=False,
                max_length=200,
                initial=self.named(known.everywhere),
            )

    def rows(self) -> list[Row]:
        return [
            Row(each, self.attended[each.pk], self._of("days", each), self._of("counters", each))
            for each in self.presences
        ]

    def _of(self, name: str, presence: Presence) -> BoundField | None:
        full = f"{name}_{presence.pk}"
        return self[full] if full in self.fields else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for each in self.presences:
            if f"days_{each.pk}" in self.fields:
                self._clean_row(each.pk, data.get(f"days_{each.pk}") or [])
        return data

    def _clean_row(self, pk: int, days: list[int]) -> None:
        counters = self.ids(f"counters_{pk}")
        if counters and not days:
            self.add_error(f"days_{pk}", _("Pilih paling sedikit satu hari."))
        known = {day: set(each) for day, each in self.attended[pk].counters.items()}
        wanted = dict.fromkeys(days, counters) if counters else {}
        if wanted != known:
            self.week[pk] = wanted


class AgencyDaysForm(FromForm):
    """The counters of one agency on each weekday."""

    def __init__(self, *args: Any, attended: Attended, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted: Week = {}
        for day in Weekday:
            self.fields[f"counters_{day.value}"] = NumbersField(
                label=day.label,
                required=False,
                max_length=200,
                initial=self.named(attended.counters.get(day.value, frozenset())),
            )

    def rows(self) -> list[BoundField]:
        return [self[f"counters_{day.value}"] for day in Weekday]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for day in Weekday:
            counters = self.ids(f"counters_{day.value}")
            if counters:
                self.wanted[day.value] = counters
        return data


class ServedForm(forms.Form):
    """Which queues each counter of an agency calls."""

    def __init__(
        self,
        *args: Any,
        counters: Iterable[Counter],
        queues: Iterable[Queue],
        served: Collection[tuple[int, int]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.counters = list(counters)
        choices = [(each.pk, str(each)) for each in queues]
        for counter in self.counters:
            self.fields[f"queues_{counter.pk}"] = forms.TypedMultipleChoiceField(
                label=str(counter),
                choices=choices,
                coerce=int,
                required=False,
                initial=[pk for pk, _name in choices if (counter.pk, pk) in served],
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def queues(self) -> dict[int, list[int]]:
        return {each.pk: self.cleaned_data[f"queues_{each.pk}"] for each in self.counters}
