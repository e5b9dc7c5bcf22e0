"""The reservations of an agency on one day, by window, as those at its counters see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext as _

from agencies import opening
from agencies.models import Presence
from appointments import access, people, sentences
from appointments.models import Application, Booking
from appointments.people import Masked
from appointments.refusals import CodeUnknown
from appointments.states import State


@dataclass(frozen=True)
class Row:
    """Somebody with a reservation, as far as a screen may say."""

    booking: Booking
    who: Masked
    state: State
    is_today: bool

    @property
    def may_arrive(self) -> bool:
        return self.state == State.CONFIRMED and self.is_today


@dataclass(frozen=True)
class Window:
    """A span of the day with those who reserved in it."""

    starts_at: datetime
    ends_at: datetime
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class DayList:
    """A day of an agency: its windows, and how many came, did not come, or are still awaited."""

    on: date
    windows: tuple[Window, ...]
    waiting: int = 0  # people who want a place of that day

    @property
    def booked(self) -> int:
        """Everybody to whom a place was promised and not taken back."""
        return self.arrived + self.missed + self.awaited

    @property
    def arrived(self) -> int:
        return self._count(State.ARRIVED)

    @property
    def missed(self) -> int:
        return self._count(State.NO_SHOW)

    @property
    def awaited(self) -> int:
        return self._count(State.CONFIRMED)

    def _count(self, state: State) -> int:
        return sum(row.state == state for window in self.windows for row in window.rows)

    def only(self, booking_id: int) -> Sequence[Window]:
        """The windows with nobody but the one who was looked for."""
        return [
            Window(window.starts_at, window.ends_at, (row,))
            for window in self.windows
            for row in window.rows
            if row.booking.pk == booking_id
        ]


def of_day(presence: Presence, on: date, *, now: datetime) -> DayList:
    """Who has reserved at an agency on that date, by window and then by code."""
    found = (
        Booking.objects.with_names()
        .select_related("ticket__day__queue")
        .filter(service__presence=presence, slot__date=on, state__in=access.LISTED)
        .order_by("slot__starts_at", "slot__ends_at", "code")
    )
    is_today = on == opening.local_date(now, presence.mall.zone)
    spans = groupby(found, lambda booking: (booking.slot.starts_at, booking.slot.ends_at))
    return DayList(
        on,
        tuple(
            Window(
                starts_at,
                ends_at,
                tuple(_row(booking, now=now, is_today=is_today) for booking in bookings),
            )
            for (starts_at, ends_at), bookings in spans
        ),
        Application.objects.open().filter(service__presence=presence, date=on).count(),
    )


def find(presence: Presence, text: str) -> Booking:
    """The reservation at an agency behind a code or a scanned link. Raises CodeUnknown."""
    found = access.by_code(presence.mall, text)
    if (
        found is None
        or found.service.presence_id != presence.pk
        or found.state not in access.LISTED
    ):
        raise CodeUnknown(
            _("Tidak ada reservasi dengan kode itu di %(agency)s.")
            % {"agency": presence.board_name}
        )
    return found


def _row(booking: Booking, *, now: datetime, is_today: bool) -> Row:
    state = sentences.state_now(booking, now=now)
    return Row(booking, people.masked(booking), state, is_today)
