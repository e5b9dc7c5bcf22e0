"""What was counted: a row for each mall and day, one for each mall and month. rollups.py writes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall


class Counted(models.Model):
    """Figures that can be counted again from the events, and say whether they must be."""

    may_be_late: ClassVar[bool] = True  # pages read them from the copy, where there is one
    mall = models.ForeignKey(
        Mall, models.PROTECT, related_name="+", db_index=False, verbose_name=_("mal")
    )
    # Something has happened since they were counted.
    is_stale = models.BooleanField(_("perlu dihitung ulang"), default=True)
    counted_at = models.DateTimeField(_("dihitung"), null=True)
    # Of everything counted: the same figures have the same one, on every machine.
    digest = models.CharField(_("sidik angka"), max_length=64, blank=True)
    totals = models.JSONField(_("jumlah"), default=list)

    class Meta:
        abstract = True


class Day(Counted):
    """One local day of a mall: a cell for each agency, queue, service, channel, group and hour."""

    date = models.DateField(_("tanggal"))
    # All its queues are closed: nothing more can happen to its numbers.
    is_closed = models.BooleanField(_("sudah ditutup"), default=False)
    # The last event it was counted with.
    seen = models.BigIntegerField(_("peristiwa terakhir"), null=True)
    cells = models.JSONField(_("sel"), default=list)
    # The minutes that each service's standard allowed when its numbers were counted.
    standards = models.JSONField(_("menit standar"), default=dict)
    # What each agency had promised for the day and what it kept.
    attendance = models.JSONField(_("kehadiran"), default=dict)

    class Meta:
        verbose_name = _("angka harian")
        verbose_name_plural = _("angka harian")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "date"], name="figures_once_per_mall_and_day"),
            models.CheckConstraint(
                condition=Q(is_closed=False) | ~Q(digest=""), name="closed_day_is_counted"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["date", "mall"], name="figures_of_date"),
            # Small whatever the history: what is still to be counted.
            models.Index(
                fields=["date"],
                name="figures_to_count",
                condition=Q(is_stale=True) | Q(is_closed=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mall_id} {self.date}"


class Month(Counted):
    """The closed days of a mall in one month, together."""

    month = models.DateField(_("bulan"))  # its first day
    days = models.PositiveSmallIntegerField(_("hari pelayanan"), default=0)
    until = models.DateField(_("sampai tanggal"), null=True)
    # By agency, service, channel and group; by weekday and hour; by agency, weekday and hour.
    parts = models.JSONField(_("bagian"), default=list)
    hours = models.JSONField(_("jam"), default=list)
    agency_hours = models.JSONField(_("jam tiap instansi"), default=list)
    attendance = models.JSONField(_("kehadiran"), default=dict)
    # Answers to the survey, complaints and closures, as they stood when it was counted.
    voices = models.JSONField(_("suara pengunjung"), default=dict)

    class Meta:
        verbose_name = _("angka bulanan")
        verbose_name_plural = _("angka bulanan")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mall", "month"], name="figures_once_per_mall_and_month"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["month", "mall"], name="figures_of_month"),
            models.Index(fields=["month"], name="months_to_count", condition=Q(is_stale=True)),
        ]

    def __str__(self) -> str:
        return f"{self.mall_id} {self.month:%Y-%m}"


class Watermark(models.Model):
    """How far the log of events had been written at a moment."""

    may_be_late: ClassVar[bool] = True
    at = models.DateTimeField(_("waktu"))
    event_id = models.BigIntegerField(_("peristiwa terakhir"))

    class Meta:
        verbose_name = _("batas catatan")
        verbose_name_plural = _("batas catatan")

    def __str__(self) -> str:
        return f"{self.at} {self.event_id}"
