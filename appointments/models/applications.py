"""Draws, applications for a place, and places that come back. draws.py and waitlist.py write them.

What a stranger must be able to re-compute of a draw is stored as it was drawn; who applied is
sealed as it is in a booking.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.application_states import (
    BEGINS,
    HAS_BOOKING,
    MOVES,
    OFFERS,
    OPEN,
    Move,
    State,
)
from appointments.models.bookings import Booking, Slot, legal
from appointments.states import MOST_PER_PHONE, Share
from notifications.models import Contact
from queueing.states import Priority
from services.models import Service


class Draw(models.Model):
    """The draw of one service for one date: its seed is chosen first and revealed last."""

    service = models.ForeignKey(
        Service, models.PROTECT, related_name="draws", db_index=False, verbose_name=_("layanan")
    )
    date = models.DateField(_("tanggal"))
    opens_at = models.DateTimeField(_("dibuka"))
    closes_at = models.DateTimeField(_("ditutup"))
    commitment = models.CharField(_("segel benih"), max_length=64)
    sealed_seed = models.CharField(max_length=200)
    applied = models.PositiveIntegerField(_("permohonan"), default=0)
    seed = models.CharField(_("benih"), max_length=64, blank=True)
    digest = models.CharField(_("sidik daftar pemohon"), max_length=64, blank=True)
    # What was drawn for: [[when a window begins, its priority places, its other places], …].
    places = models.JSONField(_("tempat yang diundi"), default=list)
    drawn_at = models.DateTimeField(_("diundi"), null=True)
    done_at = models.DateTimeField(_("tempat sudah diberikan"), null=True)

    class Meta:
        verbose_name = _("undian")
        verbose_name_plural = _("undian")
        ordering: ClassVar = ["service", "date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "date"], name="one_draw_a_day"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at"))
                & (Q(drawn_at=None) | Q(drawn_at__gte=F("closes_at"))),
                name="drawn_after_it_closed",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at=None, seed="", digest="", done_at=None)
                | Q(drawn_at__isnull=False) & ~Q(seed="") & ~Q(digest=""),
                name="seed_revealed_when_drawn",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["closes_at"], name="draw_to_do", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.date}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def open(self) -> "ApplicationQuerySet":
        return self.filter(state__in=OPEN)

    def in_turn(self) -> "ApplicationQuerySet":
        """Who waits, in the order of the offers: as drawn, then as they came."""
        return self.filter(state=State.WAITING).order_by(F("rank").asc(nulls_last=True), "pk")

    def who_want(
        self, service_id: int, on: date, starts_at: datetime, share: Share
    ) -> Iterator[int]:
        """The ids of those who wait for a place of this share in this window, in their turn."""
        waiting = self.in_turn().filter(service=service_id, date=on)
        if share == Share.PRIORITY:
            waiting = waiting.exclude(priority=Priority.NONE)
        begins = int(starts_at.timestamp())
        asked = waiting.values_list("pk", "wishes", "declined").iterator(chunk_size=200)
        return (pk for pk, wishes, declined in asked if begins in wishes and begins not in declined)

    def with_names(self) -> "ApplicationQuerySet":
        """Everything a screen prints of an application, in one query."""
        return self.select_related(
            "draw", "booking__slot", "service__presence__agency", "service__presence__mall__region"
        )


class Application(models.Model):
    """Somebody wants a place on a date; whoever has its link may answer offers and withdraw it."""

    service = models.ForeignKey(
        Service, models.PROTECT, related_name="applications", verbose_name=_("layanan")
    )
    date = models.DateField(_("tanggal"))
    draw = models.ForeignKey(
        Draw, models.PROTECT, null=True, related_name="applications", verbose_name=_("undian")
    )
    state = models.PositiveSmallIntegerField(_("keadaan"), choices=State)
    priority = models.PositiveSmallIntegerField(
        _("prioritas"), choices=Priority, default=Priority.NONE
    )
    # The windows that suit, as the seconds since 1970 at which they begin, earliest first.
    wishes = models.JSONField(_("jam yang cocok"))
    number = models.PositiveIntegerField(_("nomor permohonan"), null=True)  # in its draw
    rank = models.PositiveIntegerField(_("urutan undian"), null=True)
    won = models.BigIntegerField(_("jam yang didapat"), null=True)  # seconds, as in `wishes`
    won_share = models.PositiveSmallIntegerField(_("dari tempat"), choices=Share, null=True)
    offers = models.PositiveSmallIntegerField(_("tawaran"), default=0)
    declined = models.JSONField(_("jam yang tidak diambil"), default=list)  # each is offered once
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, related_name="application", verbose_name=_("reservasi")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+", verbose_name=_("kontak")
    )
    token_hash = models.CharField(max_length=64, unique=True)
    sealed_token = models.CharField(max_length=200)
    created_at = models.DateTimeField(_("dibuat"))
    family = models.SlugField(_("rumpun layanan"), max_length=40)
    is_for_other = models.BooleanField(_("untuk orang lain"), default=False)
    sealed_name = models.CharField(max_length=600)
    sealed_phone = models.CharField(max_length=200)
    sealed_nik = models.CharField(max_length=200, blank=True)
    phone_index = models.CharField(max_length=64)
    nik_index = models.CharField(max_length=64, blank=True)
    phone_place = models.PositiveSmallIntegerField()

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("permohonan tempat")
        verbose_name_plural = _("permohonan tempat")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nik_index", "family"],
                condition=Q(state__in=sorted(OPEN)) & ~Q(nik_index=""),
                name="one_open_application_per_nik_and_family",
            ),
            models.UniqueConstraint(
                fields=["phone_index", "phone_place"],
                condition=Q(state__in=sorted(OPEN)),
                name="open_applications_of_a_phone_have_places",
            ),
            models.UniqueConstraint(fields=["draw", "number"], name="numbers_of_a_draw"),
            models.CheckConstraint(
                condition=Q(phone_place__gte=1, phone_place__lte=MOST_PER_PHONE),
                name="three_open_applications_per_phone",
            ),
            models.CheckConstraint(condition=Q(offers__lte=OFFERS), name="three_offers_at_most"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(HAS_BOOKING), booking__isnull=False)
                | ~Q(state__in=sorted(HAS_BOOKING)) & Q(booking__isnull=True),
                name="offered_or_placed_has_a_booking",
            ),
            models.CheckConstraint(
                condition=Q(draw=None, number=None) | Q(draw__isnull=False, number__isnull=False),
                name="number_in_a_draw",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(State)), name="application_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["service", "date"],
                name="application_waiting",
                condition=Q(state=State.WAITING),
            ),
            models.Index(
                fields=["date"], name="application_open", condition=Q(state__in=sorted(OPEN))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.date} {self.pk}"

    @property
    def moments(self) -> list[datetime]:
        """When the windows begin that suit."""
        return [datetime.fromtimestamp(begins, UTC) for begins in self.wishes]

    @property
    def won_at(self) -> datetime | None:
        """When the window begins that the draw gave."""
        return None if self.won is None else datetime.fromtimestamp(self.won, UTC)

    @property
    def is_priority(self) -> bool:
        return self.priority != Priority.NONE

    @property
    def still_wanted(self) -> list[int]:
        """The windows that suit and were not offered yet."""
        return [begins for begins in self.wishes if begins not in self.declined]


class ApplicationEvent(models.Model):
    """One move of an application. Never edited, names nobody."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="events", verbose_name=_("permohonan tempat")
    )
    move = models.PositiveSmallIntegerField(_("langkah"), choices=Move)
    origin = models.PositiveSmallIntegerField(_("keadaan asal"), choices=State, null=True)
    target = models.PositiveSmallIntegerField(_("keadaan baru"), choices=State)
    at = models.DateTimeField(_("waktu"))
    reason = models.CharField(_("alasan"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("peristiwa permohonan")
        verbose_name_plural = _("peristiwa permohonan")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=legal(BEGINS, MOVES), name="application_event_is_a_legal_move"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.application_id}"


class ReturningPlace(models.Model):
    """A promised place that somebody gave up: still taken, until its moment or a waiting person.

    Nobody can tell when it comes back, so nobody can sell it to somebody who is ready to catch it.
    """

    slot = models.ForeignKey(
        Slot, models.PROTECT, related_name="returning", verbose_name=_("jendela waktu")
    )
    share = models.PositiveSmallIntegerField(_("dari tempat"), choices=Share)
    since = models.DateTimeField(_("sejak"))
    returns_at = models.DateTimeField(_("kembali"), db_index=True)

    class Meta:
        verbose_name = _("tempat yang kembali")
        verbose_name_plural = _("tempat yang kembali")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(returns_at__gte=F("since")), name="returns_after_it_was_given_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot} {self.returns_at}"
