"""What people are told of their reservations: by which event, when, and never what is over."""

from datetime import timedelta

import pytest

from appointments import arrivals, booking, disruption, draws, waitlist
from appointments.models import Booking
from appointments.states import Mode
from core.proof import Scope
from mpp.invariants import ALL
from notifications import outbox, wording
from notifications.contacts import Reach
from notifications.models import Message
from notifications.states import Channel, State
from queueing.invariants import verify
from tests.appointments.recipes import (
    NIK,
    NINE,
    TUESDAY,
    at,
    book,
    come_back,
    enter,
    fill,
    key,
    make_plan,
    offer_of,
    person,
    wait,
)
from tests.notifications.posts import plug_in, sends_through, work
from tests.recipes import MONDAY, make_hall, make_officer

pytestmark = pytest.mark.django_db
TEXT, INBOX = Channel.TEXT, Channel.INBOX
TEN = at(10, on=TUESDAY)


@pytest.fixture
def hall():
    hall = make_hall()
    sends_through(hall.mall, TEXT)
    yield hall
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []


@pytest.fixture
def plan(hall):
    return make_plan(hall.service)


def reached(number=1, *, language="id", **more):
    """Somebody who wants to hear by text."""
    phone = f"+62812{number:08d}"
    reach = Reach(phone, "", frozenset({TEXT}), language)
    return person(number, reach=reach, **more)


def said(*states, channel=TEXT):
    """The kinds of messages in the order in which they are due."""
    rows = Message.objects.filter(channel=channel).order_by("due_at", "pk")
    wanted = rows.filter(state__in=states or [State.WAITING])
    return list(wanted.values_list("kind", flat=True))


def text_of(kind):
    row = Message.objects.select_related("contact").get(kind=kind, channel=INBOX)
    words = wording.of(kind, mall_id=row.mall_id, language=row.contact.language)
    return wording.filled(words.body, outbox.values_of(row))


def test_a_confirmation_says_all_that_is_needed_on_the_day(hall, plan):
    pk = book(hall.service, who=reached())

    row = Booking.objects.get(pk=pk)
    text = text_of("booking_confirmed")
    assert text.startswith(
        f"Yth. Bapak/Ibu Siti A., reservasi Anda di {hall.mall.short_name} tercatat. Layanan Uji,"
    )
    assert "Selasa, 10 Maret 2026 pukul 09.00–10.00 WIB. Kode: " + str(row) in text
    assert "/reservasi/" in text
    assert "Aminah" not in text


def test_two_reminders_are_written_at_once_and_sent_in_time(hall, plan):
    book(hall.service, who=reached(), now=at(8))

    due = dict(Message.objects.filter(channel=TEXT).values_list("kind", "due_at"))
    assert due["reminder_day"] == NINE - timedelta(days=1)
    assert due["reminder_hours"] == NINE - timedelta(hours=2)


def test_a_reminder_that_would_come_at_once_is_left_out(hall, plan):
    book(hall.service, who=reached(), now=at(8, on=TUESDAY))

    assert said() == ["booking_confirmed"]


def test_a_reminder_never_comes_after_the_meeting(hall, plan, monkeypatch):
    line = plug_in(monkeypatch)
    book(hall.service, who=reached(), now=at(8))
    work(now=at(8))
    line.sent.clear()

    work(now=NINE)

    assert line.sent == []
    assert said(State.STALE) == ["reminder_day", "reminder_hours"]


def test_who_moves_is_reminded_of_the_new_time_only(hall, plan):
    pk = book(hall.service, who=reached(), now=at(8))
    booking.move(pk, TEN, now=at(8), key=key())

    assert said(State.WITHDRAWN) == ["booking_confirmed", "reminder_day", "reminder_hours"]
    assert said() == ["booking_moved", "reminder_day", "reminder_hours"]
    assert "10.00–11.00" in text_of("booking_moved")


def test_who_moves_there_and_back_is_reminded_of_the_first_time_again(hall, plan):
    pk = book(hall.service, who=reached(), now=at(8))
    booking.move(pk, TEN, now=at(8), key=key())
    booking.move(pk, NINE, now=at(8), key=key())

    last = Message.objects.filter(channel=TEXT, kind="reminder_day", state=State.WAITING).get()
    assert last.due_at == NINE - timedelta(days=1)


def test_who_cancels_is_not_reminded(hall, plan, monkeypatch):
    line = plug_in(monkeypatch)
    pk = book(hall.service, who=reached())
    booking.cancel(pk, now=at(9), key=key())

    work(now=at(9))
    work(now=at(8, on=TUESDAY))

    assert [sent.subject for sent in line.sent] == ["Reservasi dibatalkan"]


def test_who_came_is_not_reminded(hall, plan):
    pk = book(hall.service, who=reached())
    arrivals.arrive(pk, now=at(8, 45, on=TUESDAY), key=key())

    assert said() == []


def test_the_visit_of_a_booking_is_told_of_its_calls(hall, plan):
    pk = book(hall.service, who=reached())
    arrivals.arrive(pk, now=at(8, 45, on=TUESDAY), key=key())

    hall.call(now=at(9, on=TUESDAY))

    assert said() == ["ticket_called"]


def test_the_office_says_why_and_where_to_choose_anew(hall, plan):
    book(hall.service, who=reached())
    disruption.call_off(
        [hall.presence],
        from_at=at(0, on=TUESDAY),
        until_at=at(23, on=TUESDAY),
        reason="Petugas sakit.",
        by=make_officer(hall.presence),
        now=at(9),
        key=key(),
    )

    assert said() == ["booking_called_off"]
    text = text_of("booking_called_off")
    assert "mohon maaf" in text
    assert "Alasan: Petugas sakit. Pilih waktu lain" in text


def test_who_did_not_come_is_told_in_the_morning(hall, plan):
    pk = book(hall.service, who=reached())
    arrivals.miss(now=at(11, on=TUESDAY))

    assert Booking.objects.get(pk=pk).contact is not None
    assert said() == ["booking_missed"]


def test_english_is_said_in_english(hall, plan):
    book(hall.service, who=reached(language="en"))

    assert "Tuesday, 10 March 2026" in text_of("booking_confirmed")


def test_who_gave_no_way_to_be_reached_is_told_nothing(hall, plan):
    book(hall.service)

    assert not Message.objects.exists()


def test_an_offer_is_told_as_long_as_it_stands(hall):
    make_plan(hall.service, online=1)
    mine = [book(hall.service, at(hour, on=TUESDAY), who=person(900 + hour)) for hour in (9, 10)]
    fill(hall.service, at(11, on=TUESDAY), places=1)
    row = wait(hall.service, who=reached())
    assert said() == ["application_received"]

    booking.cancel(mine[0], now=at(9), key=key())
    come_back(now=at(10))

    assert said() == ["place_offered"]
    offered = Message.objects.get(kind="place_offered", channel=TEXT)
    assert offered.not_after == Booking.objects.get(pk=offer_of(row.pk)).held_until
    assert "sampai Senin, 9 Maret 2026 pukul 13.00 WIB" in text_of("place_offered")


def test_an_offer_taken_is_confirmed_to_the_same_person(hall):
    make_plan(hall.service, online=1)
    mine = [book(hall.service, at(hour, on=TUESDAY), who=person(900 + hour)) for hour in (9, 10)]
    fill(hall.service, at(11, on=TUESDAY), places=1)
    row = wait(hall.service, who=reached())
    booking.cancel(mine[0], now=at(9), key=key())
    come_back(now=at(10))

    waitlist.accept(row.pk, offer_of(row.pk), now=at(11), key=key())

    assert said() == ["booking_confirmed", "reminder_hours"]
    assert Booking.objects.get(application=row).contact_id == row.contact_id


def test_a_draw_tells_everybody_its_result_once(hall):
    make_plan(hall.service, online=1, mode=Mode.DRAW)
    on = MONDAY + timedelta(days=14)
    for number in range(1, 5):
        nik = f"{NIK[:-1]}{number}"
        enter(hall.service, on=on, number=number, who=reached(number, nik=nik))

    draws.work(now=at(8, on=TUESDAY))

    kinds = said()
    assert kinds.count("draw_won") == 3
    assert kinds.count("draw_lost") == 1
    assert kinds.count("reminder_day") == 3
    assert "booking_confirmed" not in kinds
    assert "nomor 4 di daftar tunggu" in text_of("draw_lost")
