"""Counters, and whose they are on which days."""

from datetime import date
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.agencies import Presence
from agencies.models.agreements import Term
from agencies.models.hours import BEGINNING, Break, Weekday
from agencies.models.places import Mall
from agencies.models.rests import Resting


class FloorPlan(models.Model):
    """A drawing of one floor, on which the counters have their places."""

    mall = models.ForeignKey(Mall, models.CASCADE, related_name="plans", verbose_name=_("mal"))
    name = models.CharField(_("nama"), max_length=60)
    picture = models.ForeignKey(
        "core.StoredFile", models.PROTECT, related_name="+", verbose_name=_("gambar")
    )
    width = models.PositiveSmallIntegerField(_("lebar"))
    height = models.PositiveSmallIntegerField(_("tinggi"))

    class Meta:
        verbose_name = _("denah")
        verbose_name_plural = _("denah")
        ordering: ClassVar = ["mall", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "name"], name="plan_name_once_per_mall")
        ]

    def __str__(self) -> str:
        return self.name


class Counter(Resting):
    """A numbered window (loket); agencies may share it on different weekdays."""

    mall = models.ForeignKey(Mall, models.PROTECT, related_name="counters", verbose_name=_("mal"))
    number = models.CharField(
        _("nomor loket"),
        max_length=4,
        validators=[RegexValidator(r"^[1-9]\d{0,2}[A-Z]?$", _("Tulis seperti 7, 12 atau 12A."))],
    )
    place = models.CharField(_("letak"), max_length=80, blank=True)
    plan = models.ForeignKey(
        FloorPlan,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="counters",
        verbose_name=_("denah"),
    )
    # Where on the plan, in thousandths of its width and height.
    plan_x = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    plan_y = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("loket")
        verbose_name_plural = _("loket")
        ordering: ClassVar = ["mall", "number"]
        constraints: ClassVar = [
            *Resting.Meta.constraints,
            models.UniqueConstraint(fields=["mall", "number"], name="counter_number_per_mall"),
            models.CheckConstraint(
                condition=Q(plan_x=None, plan_y=None) | Q(plan_x__lte=1000, plan_y__lte=1000),
                name="counter_on_its_plan",
            ),
        ]

    def __str__(self) -> str:
        return _("Loket %s") % self.number


class CounterDayQuerySet(models.QuerySet["CounterDay"]):
    def on(self, day: date) -> "CounterDayQuerySet":
        return self.filter(held_on(day))


def held_on(day: date, through: str = "") -> Q:
    """The rows of CounterDay that hold on a date, reached through a relation such as "days"."""
    at = f"{through}__" if through else ""
    goes_on = Q(**{f"{at}until_date": None}) | Q(**{f"{at}until_date__gte": day})
    return goes_on & Q(**{f"{at}weekday": day.weekday(), f"{at}from_date__lte": day})


class CounterDay(Break):
    """On this weekday the counter belongs to this agency, from one date until another.

    So an agency's days follow from it. Its break is the rota: when this counter rests while others
    go on. Beside the admin only rota.py writes it; the term is the promise it exists by.
    """

    counter = models.ForeignKey(
        Counter, models.CASCADE, related_name="days", verbose_name=_("loket")
    )
    presence = models.ForeignKey(
        Presence, models.CASCADE, related_name="counter_days", verbose_name=_("instansi di mal")
    )
    weekday = models.PositiveSmallIntegerField(_("hari"), choices=Weekday)
    from_date = models.DateField(_("sejak tanggal"), default=BEGINNING)
    until_date = models.DateField(_("sampai tanggal"), null=True, blank=True)
    term = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="counter_days",
        verbose_name=_("isi perjanjian"),
    )

    objects = CounterDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("hari loket")
        verbose_name_plural = _("hari loket")
        ordering: ClassVar = ["counter", "weekday", "from_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["counter", "weekday", "from_date"],
                name="one_agency_per_counter_and_weekday",
            ),
            models.UniqueConstraint(
                fields=["counter", "weekday"],
                condition=Q(until_date=None),
                name="one_agency_for_good",
                violation_error_message=_("Loket itu sudah dipakai instansi lain pada hari itu."),
            ),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")),
                name="counter_day_in_order",
            ),
            models.CheckConstraint(
                condition=Q(break_from__isnull=True, break_until__isnull=True)
                | Q(break_from__lt=F("break_until")),
                name="sound_counter_break",
                violation_error_message=_("Istirahat loket lengkap dengan awal dan akhirnya."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["presence", "weekday"], name="days_of_agency")]

    def __str__(self) -> str:
        return f"{self.counter} {self.get_weekday_display()}"
