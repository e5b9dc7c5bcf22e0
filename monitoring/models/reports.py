"""Reports and what happened to them. Only the modules in monitoring/reports write them."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall
from appointments.models.bookings import legal
from monitoring import periods
from monitoring.periods import Period
from monitoring.states import BEGINS, DONE, FROZEN, IN_HAND, MOVES, ONCE, Move, Stage, State


class Kind(models.TextChoices):
    """What is reported; the value is that of the period's kind, but for the ministry's recap."""

    WEEK = "week", _("Laporan Mingguan")
    MONTH = "month", _("Laporan Bulanan")
    YEAR = "year", _("Laporan Tahunan")
    RECAP = "recap", _("Rekap Nasional")

    @property
    def of_period(self) -> periods.Kind:
        return periods.Kind.MONTH if self is Kind.RECAP else periods.Kind(self.value)

    def named(self, period: str) -> str:
        """What a report is called: "Laporan Bulanan Maret 2026", "Laporan Tahun 2026"."""
        if self in {Kind.WEEK, Kind.YEAR}:  # whose periods say it themselves
            return gettext("Laporan %s") % period
        return f"{self.label} {period}"


class ReportQuerySet(models.QuerySet["Report"]):
    def with_names(self) -> "ReportQuerySet":
        return self.select_related("mall__region")

    def without_content(self) -> "ReportQuerySet":
        """For lists: the content of a year is long."""
        return self.defer("content", "sources")


class Report(models.Model):
    """One version of what is reported of a mall, or of all of them, in a period.

    Once frozen, its content belongs to its checksum and never changes.
    """

    # None: of the whole country, which the ministry makes for itself.
    mall = models.ForeignKey(
        Mall, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("mal")
    )
    kind = models.CharField(_("jenis"), max_length=5, choices=Kind)
    first = models.DateField(_("hari pertama masa"))
    version = models.PositiveSmallIntegerField(_("versi"))
    state = models.PositiveSmallIntegerField(_("keadaan"), choices=State)
    asked_at = models.DateTimeField(_("diminta"))
    due_on = models.DateField(_("tenggat"), null=True)

    # While it is built: how far, and which worker has it in hand until when.
    progress = models.PositiveSmallIntegerField(_("kemajuan"), choices=Stage, default=Stage.WAITING)
    tries = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)

    # Frozen, all together.
    content = models.JSONField(_("isi"), default=dict)
    checksum = models.CharField(_("sidik isi"), max_length=64, blank=True)
    definitions = models.PositiveSmallIntegerField(_("versi definisi"), null=True)
    built_at = models.DateTimeField(_("selesai disusun"), null=True)
    # The days it was made of with their digests then: what has changed since is seen by them.
    sources = models.JSONField(_("sumber"), default=dict)

    # As typed when it was sent.
    letter_number = models.CharField(_("nomor surat"), max_length=80, blank=True)
    signatory = models.CharField(_("penanda tangan"), max_length=120, blank=True)
    position = models.CharField(_("jabatan"), max_length=120, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan")
        verbose_name_plural = _("laporan")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mall", "kind", "first", "version"], name="report_version_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "first", "version"],
                name="recap_version_once",
                condition=Q(mall=None),
            ),
            models.UniqueConstraint(
                fields=["mall", "kind", "first"],
                name="one_report_in_hand",
                condition=Q(state__in=sorted(IN_HAND)),
            ),
            models.UniqueConstraint(
                fields=["kind", "first"],
                name="one_recap_in_hand",
                condition=Q(mall=None, state__in=sorted(IN_HAND)),
            ),
            models.UniqueConstraint(
                fields=["mall", "kind", "first"],
                name="one_report_accepted",
                condition=Q(state=State.ACCEPTED),
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(State)), name="report_state_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="report_version_from_one"),
            models.CheckConstraint(
                condition=Q(kind="recap", mall=None) | (~Q(kind="recap") & Q(mall__isnull=False)),
                name="only_a_recap_is_of_the_country",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(FROZEN), built_at__isnull=False)
                & Q(definitions__isnull=False)
                & ~Q(checksum="")
                | ~Q(state__in=sorted(FROZEN)) & Q(checksum="", built_at=None),
                name="a_frozen_report_has_its_checksum",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(DONE))
                | Q(mall__isnull=False) & ~Q(letter_number="") & ~Q(signatory=""),
                name="what_was_sent_is_signed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["first", "kind", "mall"], name="reports_of_period"),
            models.Index(fields=["mall", "-first"], name="reports_of_mall"),
            models.Index(
                fields=["asked_at"], name="reports_to_build", condition=Q(state=State.BUILDING)
            ),
        ]

    def __str__(self) -> str:
        return Kind(self.kind).named(str(self.period))

    @property
    def period(self) -> Period:
        return periods.of(Kind(self.kind).of_period, self.first)

    @property
    def code(self) -> str:
        return self.period.code

    @property
    def last(self) -> date:
        return self.period.last

    @property
    def is_frozen(self) -> bool:
        return self.state in FROZEN

    @property
    def is_building(self) -> bool:
        return self.state == State.BUILDING


class ReportEvent(models.Model):
    """One move of a report: history and audit at once. Never edited."""

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="events", verbose_name=_("laporan")
    )
    move = models.PositiveSmallIntegerField(_("langkah"), choices=Move)
    origin = models.PositiveSmallIntegerField(_("keadaan asal"), choices=State, null=True)
    target = models.PositiveSmallIntegerField(_("keadaan baru"), choices=State)
    at = models.DateTimeField(_("waktu"))
    # None: the portal itself.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("petugas"),
    )
    note = models.TextField(_("catatan"), blank=True)

    class Meta:
        verbose_name = _("peristiwa laporan")
        verbose_name_plural = _("peristiwa laporan")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=legal(BEGINS, MOVES), name="report_event_is_a_legal_move"
            ),
            models.UniqueConstraint(
                fields=["report", "move"],
                name="report_moves_once",
                condition=Q(move__in=sorted(ONCE)),
            ),
            models.CheckConstraint(
                condition=~Q(move=Move.GIVE_BACK) | ~Q(note=""), name="given_back_with_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.report_id}"
