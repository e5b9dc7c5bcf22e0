"""Queue-days, visits, tickets and their events. Only tickets.py and prints.py write them."""

import secrets
from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter, Mall
from notifications.models import Contact
from queueing.states import AT_COUNTER, BEGINS, ENDED, MOVES, Move, Priority, Reason, Rule, State
from services.models import LONG, Queue, Service


def new_token() -> str:
    """128 random bits: whoever has the link has the ticket, and nobody guesses one."""
    return secrets.token_urlsafe(16)


class QueueDay(models.Model):
    """A queue on one local day: the counter row its numbers come from, and the ratio's memory."""

    mall = models.ForeignKey(
        Mall, models.PROTECT, related_name="+", db_index=False, verbose_name=_("mal")
    )
    queue = models.ForeignKey(
        Queue, models.PROTECT, related_name="days", db_index=False, verbose_name=_("antrean")
    )
    date = models.DateField(_("tanggal"))
    last_number = models.PositiveSmallIntegerField(_("nomor terakhir"), default=0)
    # Numbers that used up quota.
    admitted = models.PositiveSmallIntegerField(_("nomor dari kuota"), default=0)
    # Places never run backwards, whatever the clock does.
    last_since = models.DateTimeField(_("urutan terakhir"))
    streak = models.PositiveSmallIntegerField(_("prioritas berturut-turut"), default=0)
    closed_at = models.DateTimeField(_("ditutup"), null=True)

    class Meta:
        verbose_name = _("hari antrean")
        verbose_name_plural = _("hari antrean")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["queue", "date"], name="one_row_per_queue_and_day"),
            models.CheckConstraint(
                condition=Q(admitted__lte=F("last_number")), name="admitted_has_a_number"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mall", "date"], name="queueday_of_mall"),
            models.Index(
                fields=["date"], name="queueday_not_closed", condition=Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.date}"


class Visit(models.Model):
    """One person's day at a mall: one unguessable token, one or more tickets, no name."""

    mall = models.ForeignKey(
        Mall, models.PROTECT, related_name="+", db_index=False, verbose_name=_("mal")
    )
    token = models.CharField(max_length=22, unique=True, default=new_token)
    created_at = models.DateTimeField(_("waktu"))
    # Who is told of this visit's calls; most people hear them in the hall.
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+", verbose_name=_("kontak")
    )

    class Meta:
        verbose_name = _("kunjungan")
        verbose_name_plural = _("kunjungan")

    def __str__(self) -> str:
        return str(self.pk)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def waiting(self) -> "TicketQuerySet":
        return self.filter(state=State.WAITING)

    def at_counter(self) -> "TicketQuerySet":
        return self.filter(state__in=AT_COUNTER)

    def with_names(self) -> "TicketQuerySet":
        """Everything a screen prints of a ticket, in one query; what to bring is not on it."""
        return self.select_related(
            "day__queue", "service__presence__agency", "counter", "visit", "day__mall__region"
        ).defer(*(f"service__{name}" for name in LONG))

    def in_list(self) -> "TicketQuerySet":
        """What a row of a list prints of a ticket: number, service, group, and how it stands."""
        return self.select_related("day__queue", "service").only(
            "number",
            "priority",
            "state",
            "since",
            "booked_for",
            "returns",
            "day__queue__letter",
            "service__name",
            "service__name_en",
        )


class Ticket(models.Model):
    """A number in a queue-day, in exactly one state."""

    visit = models.ForeignKey(
        Visit, models.PROTECT, related_name="tickets", verbose_name=_("kunjungan")
    )
    day = models.ForeignKey(
        QueueDay,
        models.PROTECT,
        related_name="tickets",
        db_index=False,
        verbose_name=_("hari antrean"),
    )
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="+", db_index=False, verbose_name=_("layanan")
    )
    number = models.PositiveSmallIntegerField(_("nomor"))
    priority = models.PositiveSmallIntegerField(
        _("prioritas"), choices=Priority, default=Priority.NONE
    )
    state = models.PositiveSmallIntegerField(_("keadaan"), choices=State, default=State.WAITING)
    counter = models.ForeignKey(
        Counter,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("loket"),
    )
    since = models.DateTimeField(_("urutan sejak"))  # decides the place in line
    # The beginning of the window that was reserved; empty for somebody who walked in.
    booked_for = models.DateTimeField(_("dipesan untuk"), null=True)
    issued_at = models.DateTimeField(_("nomor diambil"))
    called_at = models.DateTimeField(_("dipanggil"), null=True)
    # The last call, recall or resume: what a board shows.
    announced_at = models.DateTimeField(_("panggilan terakhir"), null=True)
    serving_at = models.DateTimeField(_("mulai dilayani"), null=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True)
    # Endured so far, earlier queues included.
    wait_seconds = models.PositiveIntegerField(_("detik menunggu"), default=0)
    service_seconds = models.PositiveIntegerField(_("detik dilayani"), default=0)
    recalls = models.PositiveSmallIntegerField(_("kali dipanggil ulang"), default=0)
    # Whether the boards say the last call slowly, because somebody asked for it.
    is_slow = models.BooleanField(_("diucapkan pelan"), default=False)
    returns = models.PositiveSmallIntegerField(_("kali kembali"), default=0)
    came_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="went_to",
        db_index=False,
        verbose_name=_("pindahan dari"),
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("tiket")
        verbose_name_plural = _("tiket")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "number"], name="number_once_per_queue_day"),
            models.UniqueConstraint(
                fields=["counter"],
                condition=Q(state__in=sorted(AT_COUNTER)),
                name="one_ticket_at_a_counter",
            ),
            models.UniqueConstraint(
                fields=["came_from"],
                condition=Q(came_from__isnull=False),
                name="transferred_once",
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(State)), name="ticket_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(AT_COUNTER)) | Q(counter__isnull=False),
                name="at_counter_has_a_counter",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ENDED)) | Q(ended_at__isnull=False),
                name="ended_has_an_end",
            ),
            models.CheckConstraint(condition=Q(returns__lte=1), name="returns_once"),
            models.CheckConstraint(condition=Q(recalls__lte=3), name="recalled_three_times"),
        ]
        indexes: ClassVar = [
            # Small whatever the history: 10 million old tickets are not in it.
            models.Index(
                fields=["day", "since", "id"],
                name="ticket_waiting",
                condition=Q(state=State.WAITING),
            ),
            # Empty but for the last two minutes: what the sweeper looks through.
            models.Index(
                fields=["issued_at"],
                name="ticket_printing",
                condition=Q(state=State.PRINTING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day.queue.letter}-{self.number:03d}"

    @property
    def is_priority(self) -> bool:
        return self.priority != Priority.NONE

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED


def _legal() -> Q:
    """Every move of the table, and the issue that begins a life; nothing else can be stored."""
    legal = Q(move=Move.ISSUE, origin__isnull=True, target__in=_sorted(BEGINS))
    for move, step in MOVES.items():
        legal |= Q(move=move, origin__in=_sorted(step.origins), target=step.target)
    return legal


def _sorted(states: Iterable[State]) -> list[int]:
    return sorted(int(state) for state in states)


class TicketEvent(models.Model):
    """One move of a ticket: history, audit, statistics and board version at once. Never edited."""

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="events", verbose_name=_("tiket")
    )
    version = models.BigIntegerField(_("versi layar"))
    move = models.PositiveSmallIntegerField(_("langkah"), choices=Move)
    origin = models.PositiveSmallIntegerField(_("keadaan asal"), choices=State, null=True)
    target = models.PositiveSmallIntegerField(_("keadaan baru"), choices=State)
    at = models.DateTimeField(_("waktu"))
    counter = models.ForeignKey(
        Counter,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("loket"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("petugas"),
    )
    # The place taken, when the ticket begins to wait.
    since = models.DateTimeField(_("urutan sejak"), null=True)
    rule = models.PositiveSmallIntegerField(_("aturan"), choices=Rule, null=True)
    reason = models.PositiveSmallIntegerField(_("alasan"), choices=Reason, null=True)
    rank = models.PositiveSmallIntegerField(_("urutan kedatangan"), null=True)
    passed = models.PositiveSmallIntegerField(_("dilewati"), null=True)
    passed_elsewhere = models.PositiveSmallIntegerField(_("dilewati di antrean lain"), null=True)
    # As they were before the call: an undo restores them, and the log can be replayed.
    streak = models.PositiveSmallIntegerField(_("prioritas berturut-turut"), null=True)
    ratio = models.PositiveSmallIntegerField(_("prioritas per satu reguler"), null=True)

    class Meta:
        verbose_name = _("peristiwa tiket")
        verbose_name_plural = _("peristiwa tiket")
        constraints: ClassVar = [
            models.CheckConstraint(condition=_legal(), name="event_is_a_legal_move"),
            models.CheckConstraint(
                condition=~Q(move=Move.CALL)
                | Q(
                    rule__isnull=False,
                    rank__isnull=False,
                    passed__isnull=False,
                    passed_elsewhere__isnull=False,
                    streak__isnull=False,
                    ratio__isnull=False,
                ),
                name="call_carries_its_proof",
            ),
            models.CheckConstraint(
                condition=~Q(rule=Rule.OUT_OF_ORDER) | Q(reason__isnull=False),
                name="out_of_order_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.ticket_id}"
