"""When a mall is open: every week, from a date to another, and on holidays."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.places import Mall

BEGINNING = date(2000, 1, 1)  # what has held for as long as the portal knows


class Weekday(models.IntegerChoices):
    """Numbered as Python numbers them."""

    MONDAY = 0, _("Senin")
    TUESDAY = 1, _("Selasa")
    WEDNESDAY = 2, _("Rabu")
    THURSDAY = 3, _("Kamis")
    FRIDAY = 4, _("Jumat")
    SATURDAY = 5, _("Sabtu")
    SUNDAY = 6, _("Minggu")


class Break(models.Model):
    """What rotas and hours have in common; a break is both of its ends or none."""

    break_from = models.TimeField(_("istirahat dari"), null=True, blank=True)
    break_until = models.TimeField(_("istirahat sampai"), null=True, blank=True)

    class Meta:
        abstract = True


def _sound_hours(name: str) -> models.CheckConstraint:
    order = Q(opens__lt=F("closes")) & (
        Q(break_from__isnull=True, break_until__isnull=True)
        | Q(
            break_from__gte=F("opens"),
            break_until__lte=F("closes"),
            break_from__lt=F("break_until"),
        )
    )
    closed = Q(opens=None, closes=None, break_from=None, break_until=None)
    return models.CheckConstraint(
        condition=order | closed,
        name=name,
        violation_error_message=_(
            "Jam buka harus sebelum jam tutup, dan istirahat di antaranya lengkap dengan akhirnya."
        ),
    )


class OpeningHours(Break):
    """The ordinary hours of one weekday from a date on, until a later row of that weekday.

    A weekday without a row is closed, and so is one whose row has no hours.
    """

    mall = models.ForeignKey(Mall, models.CASCADE, related_name="weekly", verbose_name=_("mal"))
    weekday = models.PositiveSmallIntegerField(_("hari"), choices=Weekday)
    opens = models.TimeField(_("buka"), null=True, blank=True)
    closes = models.TimeField(_("tutup"), null=True, blank=True)
    from_date = models.DateField(_("sejak tanggal"), default=BEGINNING)

    class Meta:
        verbose_name = _("jam layanan")
        verbose_name_plural = _("jam layanan")
        ordering: ClassVar = ["mall", "weekday", "from_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mall", "weekday", "from_date"], name="one_hours_per_weekday"
            ),
            _sound_hours("sound_opening_hours"),
        ]

    def __str__(self) -> str:
        if self.opens is None or self.closes is None:
            return f"{self.get_weekday_display()}: {_('tutup')}"
        return f"{self.get_weekday_display()} {self.opens:%H.%M}–{self.closes:%H.%M}"


class DatedHours(Break):
    """Other hours for a range of days (Ramadan, a festival), or closed when they are empty."""

    opens = models.TimeField(_("buka"), null=True, blank=True)
    closes = models.TimeField(_("tutup"), null=True, blank=True)
    mall = models.ForeignKey(Mall, models.CASCADE, related_name="dated", verbose_name=_("mal"))
    from_date = models.DateField(_("dari tanggal"))
    until_date = models.DateField(_("sampai tanggal"))
    weekday = models.PositiveSmallIntegerField(
        _("hanya hari"), choices=Weekday, null=True, blank=True
    )
    reason = models.CharField(_("alasan"), max_length=80)
    overrides_holidays = models.BooleanField(_("buka juga pada hari libur"), default=False)

    class Meta:
        verbose_name = _("jam khusus")
        verbose_name_plural = _("jam khusus")
        ordering: ClassVar = ["mall", "from_date"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_date__lte=F("until_date")), name="dated_hours_in_order"
            ),
            _sound_hours("sound_dated_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.from_date}–{self.until_date}"


class Holiday(models.Model):
    """A national holiday or joint leave (cuti bersama) as decreed; editable, dates get added."""

    day = models.DateField(_("tanggal"))
    name = models.CharField(_("nama"), max_length=120)
    is_joint_leave = models.BooleanField(_("cuti bersama"), default=False)

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "name"], name="holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
