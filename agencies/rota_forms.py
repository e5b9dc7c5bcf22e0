"""The days of a counter as the admin edits them: only what no agreement promises, never the past.

The page of the sequence (onboarding) does the same by rota.py; this is for operators.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies import opening, rota
from agencies.models import Counter, CounterDay, Presence
from agencies.stages import Stage
from core import clock

# Only the stubs know the parameters of these; Django itself has none.
if TYPE_CHECKING:
    ModelForm = forms.ModelForm[CounterDay]
    InlineFormSet = forms.BaseInlineFormSet[CounterDay, Counter, ModelForm]
else:
    ModelForm, InlineFormSet = forms.ModelForm, forms.BaseInlineFormSet

DAY = timedelta(days=1)
UNSEEN = frozenset({Stage.COMMITMENT, Stage.PREPARATION, Stage.AGREEMENT})
FIXED = {"presence", "weekday", "from_date"}
PROMISED = _("Hari itu mengikuti perjanjian instansinya. Ubah lewat perjanjian atau adendum.")
BEGUN = _("Hari itu sudah berlaku: beri tanggal akhir, lalu tambahkan baris yang baru.")
PAST = _("Yang sudah lewat tetap seperti dulu: paling cepat %(day)s.")


class CounterDayForm(ModelForm):
    """One weekday of a counter."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.has_changed():
            return data
        presence = data.get("presence")
        if is_promised(self.instance) or (presence and presence.basis == Presence.Basis.AGREEMENT):
            raise ValidationError(PROMISED)
        if has_begun(self.instance) and FIXED & set(self.changed_data):
            raise ValidationError(BEGUN)
        self._refuse_past("until_date", data.get("until_date"), DAY * 0)
        if not has_begun(self.instance):
            self._refuse_past("from_date", data.get("from_date"), DAY)
        return data

    def _refuse_past(self, name: str, on: date | None, ahead: timedelta) -> None:
        if on is None or (name not in self.changed_data and self.instance.pk):
            return
        counter = self.instance.counter
        first = today_at(counter) + ahead
        if on < first and counter.mall.stage not in UNSEEN:
            self.add_error(name, ValidationError(PAST, params={"day": f"{first:%Y-%m-%d}"}))


class CounterDayForms(InlineFormSet):
    """All rows of one counter: on no day it belongs to two agencies."""

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.instance.counter = self.instance
        if not form.instance.pk:
            form.initial["from_date"] = timezone.localdate(clock.now()) + DAY

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        for form in self.deleted_forms:
            if is_promised(form.instance):
                raise ValidationError(PROMISED)
            if has_begun(form.instance):
                raise ValidationError(BEGUN)
        gone = {id(form) for form in self.deleted_forms}
        stays = [form.instance for form in self.forms if id(form) not in gone]
        refuse_twice([row for row in stays if row.presence_id])


def is_promised(row: CounterDay) -> bool:
    """Whether the row stands in the database because an agreement says so."""
    if not row.pk:
        return False
    known = CounterDay.objects.select_related("presence").get(pk=row.pk)
    return known.term_id is not None or known.presence.basis == Presence.Basis.AGREEMENT


def has_begun(row: CounterDay) -> bool:
    """Whether people have relied on the row, as it stands in the database."""
    if not row.pk or row.counter.mall.stage in UNSEEN:
        return False
    known = CounterDay.objects.get(pk=row.pk)
    return known.from_date <= today_at(row.counter)


def today_at(counter: Counter) -> date:
    """What day it is at the counter."""
    return opening.local_date(clock.now(), counter.mall.zone)


def refuse_twice(rows: Iterable[CounterDay]) -> None:
    """A counter belongs to one agency a day."""
    seen: list[CounterDay] = []
    for row in rows:
        if any(row.weekday == other.weekday and rota.overlap(row, other) for other in seen):
            raise ValidationError(_("Loket itu sudah dipakai instansi lain pada hari itu."))
        seen.append(row)
