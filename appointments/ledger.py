"""The rows behind a reservation, one statement each; what writes is for booking.py.

A place is taken by one statement that finds the row of the window, or makes it, and takes nothing
when all released places are gone; a constraint stands behind it. Locks are taken in one order: the
booking, then slots by id.
"""

# ruff: noqa: S608 - the statements are put together from the names of the shares

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from appointments import slots
from appointments.states import Share
from core import sql

COLUMN = {Share.ONLINE: "online", Share.PRIORITY: "priority", Share.STAFF: "staff"}
# Most windows have their row: only the first who books in one makes it.
TAKE = {
    share: f"""
    UPDATE appointments_slot SET booked_{name} = booked_{name} + 1
    WHERE service_id = %(service)s AND starts_at = %(starts_at)s
        AND booked_{name} < {name} * %(percent)s / 100
    RETURNING id"""
    for share, name in COLUMN.items()
}
MAKE = {
    share: f"""
    INSERT INTO appointments_slot (service_id, date, starts_at, ends_at, online, priority, staff,
        walk_in, booked_online, booked_priority, booked_staff)
    VALUES (%(service)s, %(date)s, %(starts_at)s, %(ends_at)s, %(online)s, %(priority)s, %(staff)s,
        %(walk_in)s, {", ".join("1" if each == share else "0" for each in Share)})
    ON CONFLICT (service_id, starts_at) DO UPDATE SET
        booked_{name} = appointments_slot.booked_{name} + 1
    WHERE appointments_slot.booked_{name} < appointments_slot.{name} * %(percent)s / 100
    RETURNING id"""
    for share, name in COLUMN.items()
}
FREE = {
    share: f"UPDATE appointments_slot SET booked_{name} = booked_{name} - 1 WHERE id = %(slot)s"
    for share, name in COLUMN.items()
}
RESIZE = """
    UPDATE appointments_slot SET
        online = CASE WHEN booked_online > %(online)s THEN booked_online ELSE %(online)s END,
        priority = CASE WHEN booked_priority > %(priority)s
            THEN booked_priority ELSE %(priority)s END,
        staff = CASE WHEN booked_staff > %(staff)s THEN booked_staff ELSE %(staff)s END,
        walk_in = %(walk_in)s
    WHERE id = %(slot)s"""


@dataclass(frozen=True)
class Wanted:
    """A window on one date as the plan has it, and how many percent of its places are out."""

    service_id: int
    on: date
    slot: slots.Slot
    percent: int


def take(wanted: Wanted, share: Share) -> int | None:
    """Take a place of this share; return the slot's id, or None when none is left.

    The row is locked until the transaction ends, so nobody takes the same place. The places of
    the officers are not let out bit by bit.
    """
    percent = slots.WHOLE if share == Share.STAFF else wanted.percent
    values = {
        "service": wanted.service_id,
        "starts_at": wanted.slot.starts_at,
        "percent": percent,
    }
    found = sql.row(TAKE[share], **values)
    # Whoever makes the row takes a place with it: there must be one to take.
    if found is None and slots.released(getattr(wanted.slot.shares, COLUMN[share]), percent):
        found = sql.row(
            MAKE[share],
            **values,
            date=wanted.on,
            ends_at=wanted.slot.ends_at,
            **asdict(wanted.slot.shares),
        )
    return None if found is None else int(found[0])


def lock_if_any(slot_ids: Iterable[int]) -> None:
    """Lock slots in the order of their ids, so that two who change places cannot wait in a ring.

    Whoever only refers to a slot does not wait: that is asked at the very end, with the version of
    the screens in hand.
    """
    wanted = ", ".join(str(int(slot_id)) for slot_id in slot_ids)
    if wanted:
        statement = f"SELECT id FROM appointments_slot WHERE id IN ({wanted}) ORDER BY id"
        sql.rows(f"{statement} {sql.for_update(no_key=True)}")


def free(slot_id: int, share: Share) -> None:
    """Give a place back."""
    sql.rows(FREE[share], slot=slot_id)


def resize(slot_id: int, wanted: slots.Shares) -> None:
    """Give a slot other shares; what has been promised stays, and then no more is sold."""
    sql.rows(RESIZE, slot=slot_id, **asdict(wanted))
