"""What the portal asks the database, recorded, to be asked again without the portal."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from psycopg2.extensions import AsIs

from appointments import booking, ledger
from appointments.models import Booking
from appointments.people import Person
from appointments.slots import WHOLE
from appointments.states import Share
from bench.places import DAYS, HOURS, Offered
from core import clock
from core.models import Answer

Statement = tuple[str, Any]
# Each client of pgbench counts its own bookings in :n.
SETUP = """\\set n :n + 1
\\set person :client_id * 1000000 + :n
\\set start {first} + random(0, {days}) * 86400 + random(0, {hours}) * 3600
"""
DIGITS = "lpad(:person::text, {length}, '0')"
KEY = "('00000000-0000-4000-8000-' || lpad(:person::text, 12, '0'))::uuid"
NEW_IDS = {  # whose answer later statements need, and under which name
    "INSERT INTO core_answer": "answer_",
    "UPDATE appointments_slot": "slot_",
    'INSERT INTO "appointments_booking" ': "booking_",
}


def page(path: str) -> list[str]:
    """What a page asks when its plan is remembered; the second view shows it."""
    client = Client(SERVER_NAME="127.0.0.1")
    for _view in range(2):
        found = recorded(lambda: _seen(client, path))
    return [_text(statement, values) for statement, values in found]


def acts(offered: Offered) -> str:
    """Holding and confirming as a script for pgbench: other people, other windows, other keys."""
    _booked(offered)  # what is remembered for seconds is read here
    held, confirmed, swaps = _booked(offered)
    first, last = offered.starts[0].timestamp(), len(HOURS) - 1
    script = SETUP.format(first=int(first), days=DAYS - 1, hours=last)
    for statements in (held, confirmed):
        body = [_line(statement, _swapped(values, swaps)) for statement, values in statements]
        script += "\n".join(["BEGIN;", *body, "COMMIT;", ""])
    return script


def take(offered: Offered, start: object) -> str:
    """Nothing but the statement that takes a place of one window, if one is left."""
    values = {"service": offered.service_id, "starts_at": start, "percent": WHOLE}
    return f"{_text(ledger.TAKE[Share.ONLINE], values)};\n"


def recorded(act: Callable[[], object]) -> list[Statement]:
    """The statements of an act and their values."""
    found: list[Statement] = []

    def note(
        execute: Callable[..., Any], statement: str, values: Any, many: bool, context: Any
    ) -> Any:
        found.append((statement, values))
        return execute(statement, values, many, context)

    with connection.execute_wrapper(note):
        act()
    return found


def _seen(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200, path


def _booked(offered: Offered) -> tuple[list[Statement], list[Statement], list[tuple[Any, str]]]:
    """The statements of one hold and of its confirmation, and what takes the place of whose."""
    now, start, keys = clock.now(), offered.starts[0], (uuid4(), uuid4())
    pks: list[int] = []
    held = recorded(
        lambda: pks.append(booking.hold(offered.service_id, start, now=now, key=keys[0]))
    )
    person = Person("Siti Aminah", f"+62811{pks[0]:08d}")
    confirmed = recorded(lambda: booking.confirm(pks[0], person, now=now, key=keys[1]))
    made = Booking.objects.get(pk=pks[0])
    answers = Answer.objects.filter(key__in=keys).values_list("pk", flat=True)
    swaps = [
        *((str(key), KEY) for key in keys),
        *((pk, ":answer_id") for pk in answers),
        (start, "to_timestamp(:start)"),
        (made.slot_id, ":slot_id"),
        *((pk, ":booking_id") for pk in (made.pk, str(made.pk))),
        (f"booking:{made.pk}", "'booking:' || :booking_id::text"),
        (made.code, DIGITS.format(length=8)),
        (made.token_hash, DIGITS.format(length=64)),
        (made.phone_index, DIGITS.format(length=64)),
    ]
    return held, confirmed, swaps


def _swapped(values: Any, swaps: list[tuple[Any, str]]) -> Any:
    def swap(value: Any) -> Any:
        return next((AsIs(other) for known, other in swaps if known == value), value)

    if isinstance(values, dict):
        return {name: swap(value) for name, value in values.items()}
    return [swap(value) for value in values or ()]


def _line(statement: str, values: Any) -> str:
    prefix = next((name for start, name in NEW_IDS.items() if start in statement), None)
    return _text(statement, values).strip() + (f" \\gset {prefix}" if prefix else ";")


def _text(statement: str, values: Any) -> str:
    """A statement with its values written out."""
    with connection.cursor() as cursor:
        return str(cursor.cursor.mogrify(statement, values or None).decode())
