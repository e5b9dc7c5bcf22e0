"""Slots, bookings and their events. Only ledger.py and booking.py write them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.states import MOST_PER_PHONE, MOVES, OFFICE, OPEN, Move, Share, State
from notifications.models import Contact
from queueing.models import Ticket
from queueing.states import Priority
from services.models import Service

SHARES = ("online", "priority", "staff")


class Slot(models.Model):
    """A window of a service on one date: how many places, and how many of them are taken."""

    service = models.ForeignKey(
        Service, models.PROTECT, related_name="slots", db_index=False, verbose_name=_("layanan")
    )
    date = models.DateField(_("tanggal"))
    starts_at = models.DateTimeField(_("dari"))
    ends_at = models.DateTimeField(_("sampai"))
    online = models.PositiveSmallIntegerField(_("tempat daring"))
    priority = models.PositiveSmallIntegerField(_("tempat prioritas"))
    staff = models.PositiveSmallIntegerField(_("tempat untuk petugas"))
    walk_in = models.PositiveSmallIntegerField(_("tempat datang langsung"))
    booked_online = models.PositiveSmallIntegerField(_("dipesan daring"), default=0)
    booked_priority = models.PositiveSmallIntegerField(_("dipesan prioritas"), default=0)
    booked_staff = models.PositiveSmallIntegerField(_("dipesan petugas"), default=0)

    class Meta:
        verbose_name = _("jendela waktu pada satu hari")
        verbose_name_plural = _("jendela waktu pada satu hari")
        ordering: ClassVar = ["service", "starts_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "starts_at"], name="slot_once"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="slot_starts_before_its_end"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"booked_{share}__lte": F(share)}),
                    name=f"slot_{share}_not_overbooked",
                )
                for share in SHARES
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["service", "date"], name="slot_of_service")]

    def __str__(self) -> str:
        return f"{self.service} {self.date}"


class BookingQuerySet(models.QuerySet["Booking"]):
    def open(self) -> "BookingQuerySet":
        return self.filter(state__in=OPEN)

    def with_names(self) -> "BookingQuerySet":
        """Everything a screen prints of a booking, in one query."""
        return self.select_related(
            "slot",
            "service__presence__agency",
            "service__presence__mall__region",
            "service__plan",
            "ticket__visit",
        )


class Booking(models.Model):
    """A place in a window, promised to somebody; whoever has its link may change it.

    Name, phone and NIK are sealed each by itself (core.vault); the indexes find the same person
    again without saying who it is.
    """

    service = models.ForeignKey(
        Service, models.PROTECT, related_name="bookings", verbose_name=_("layanan")
    )
    slot = models.ForeignKey(
        Slot, models.PROTECT, related_name="bookings", verbose_name=_("jendela waktu")
    )
    share = models.PositiveSmallIntegerField(_("dari tempat"), choices=Share)
    state = models.PositiveSmallIntegerField(_("keadaan"), choices=State, default=State.HELD)
    priority = models.PositiveSmallIntegerField(
        _("prioritas"), choices=Priority, default=Priority.NONE
    )
    code = models.CharField(_("kode reservasi"), max_length=8, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    sealed_token = models.CharField(max_length=200)
    held_until = models.DateTimeField(_("ditahan sampai"))
    created_at = models.DateTimeField(_("dibuat"))
    family = models.SlugField(_("rumpun layanan"), max_length=40)
    is_for_other = models.BooleanField(_("untuk orang lain"), default=False)
    sealed_name = models.CharField(max_length=600, blank=True)
    sealed_phone = models.CharField(max_length=200, blank=True)
    sealed_nik = models.CharField(max_length=200, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    nik_index = models.CharField(max_length=64, blank=True)
    # Which of the open bookings of one phone this is: the constraint counts them.
    phone_place = models.PositiveSmallIntegerField(null=True)
    ticket = models.OneToOneField(
        Ticket, models.PROTECT, null=True, related_name="+", verbose_name=_("tiket")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+", verbose_name=_("kontak")
    )

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservasi")
        verbose_name_plural = _("reservasi")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nik_index", "family"],
                condition=Q(state__in=sorted(OPEN)) & ~Q(nik_index=""),
                name="one_open_booking_per_nik_and_family",
            ),
            models.UniqueConstraint(
                fields=["phone_index", "phone_place"],
                condition=Q(state__in=sorted(OPEN)) & ~Q(phone_index=""),
                name="open_bookings_of_a_phone_have_places",
            ),
            models.CheckConstraint(
                condition=Q(phone_index="")
                | Q(
                    phone_place__isnull=False,
                    phone_place__gte=1,
                    phone_place__lte=MOST_PER_PHONE,
                ),
                name="three_open_bookings_per_phone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.HELD, State.RELEASED])
                | ~Q(phone_index="") & ~Q(sealed_name=""),
                name="booked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ARRIVED, ticket__isnull=False)
                | ~Q(state=State.ARRIVED) & Q(ticket__isnull=True),
                name="arrived_has_a_ticket",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(State)), name="booking_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["held_until"], name="booking_held", condition=Q(state=State.HELD)),
            models.Index(fields=["phone_index"], name="booking_of_phone"),
            models.Index(fields=["nik_index"], name="booking_of_nik"),
        ]

    def __str__(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"


def legal(begins: Mapping[Any, Any], moves: Mapping[Any, Any]) -> Q:
    """What begins a life, and every move of a table; as a constraint nothing else can be stored."""
    allowed = Q()
    for move, target in begins.items():
        allowed |= Q(move=move, origin__isnull=True, target=target)
    for move, step in moves.items():
        origins = sorted(int(origin) for origin in step.origins)
        allowed |= Q(move=move, origin__in=origins, target=step.target)
    return allowed


class BookingEvent(models.Model):
    """One move of a booking: history and audit at once. Never edited, names nobody."""

    booking = models.ForeignKey(
        Booking, models.PROTECT, related_name="events", verbose_name=_("reservasi")
    )
    move = models.PositiveSmallIntegerField(_("langkah"), choices=Move)
    origin = models.PositiveSmallIntegerField(_("keadaan asal"), choices=State, null=True)
    target = models.PositiveSmallIntegerField(_("keadaan baru"), choices=State)
    slot = models.ForeignKey(
        Slot, models.PROTECT, related_name="+", db_index=False, verbose_name=_("jendela waktu")
    )
    at = models.DateTimeField(_("waktu"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("petugas"),
    )
    reason = models.CharField(_("alasan"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("peristiwa reservasi")
        verbose_name_plural = _("peristiwa reservasi")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=legal({Move.HOLD: State.HELD}, MOVES),
                name="booking_event_is_a_legal_move",
            ),
            models.CheckConstraint(
                condition=~Q(move__in=sorted(OFFICE)) | ~Q(reason=""),
                name="office_gives_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.booking_id}"
