"""Closing a counter from its console, calling for help, breaks, and what the house has to say."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from hall import closures
from hall.models import Alarm, Closure
from queueing import closing, desks, tickets
from queueing.models import Desk
from queueing.states import State
from tests.queueing.closing import MEETING, ask, decide, green, page
from tests.queueing.desks import press
from tests.recipes import at, key, make_hall, make_officer, make_presence, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def officer(client, hall):
    client.force_login(hall.officer)
    return client


@pytest.fixture
def supervisor(hall):
    return make_officer(hall.presence, Role.SUPERVISOR)


def test_a_request_waits_for_the_supervisor_and_calling_goes_on(officer, hall):
    first = hall.issue()
    ask(officer, hall)

    asked = Closure.objects.get()
    assert (asked.state, asked.reason, asked.until) == (Closure.State.REQUESTED, MEETING, at(13))
    assert "Menunggu persetujuan penyelia" in page(officer, hall)
    assert "/tutup/" not in page(officer, hall)
    assert press(officer, hall.counter, "panggil", now=at(12, 3)).status_code == 200
    assert ticket(first).state == State.CALLED


def test_a_request_is_taken_back(officer, hall):
    ask(officer, hall)
    press(officer, hall.counter, "buka", closure=Closure.objects.get().pk, now=at(12, 3))

    assert Closure.objects.get().state == Closure.State.ENDED
    shown = page(officer, hall, now=at(12, 4))
    assert ("Menunggu persetujuan" in shown, "/tutup/" in shown) == (False, True)
    assert green()


def test_an_approved_closure_stops_calling_until_its_time(officer, hall, supervisor):
    first = hall.issue()
    ask(officer, hall)
    decide(supervisor, approve=True)

    shown = page(officer, hall)
    assert "Ditutup sampai 13.00 WIB" in shown
    assert ("/panggil/" in shown, "Buka sekarang" in shown) == (False, True)
    answer = press(officer, hall.counter, "panggil", now=at(12, 59, 59))
    assert (answer.status_code, answer["X-Refusal"]) == (409, "counter_closed")
    assert ticket(first).state == State.WAITING

    shown = page(officer, hall, now=at(13))
    assert ("Ditutup sampai" in shown, "/panggil/" in shown) == (False, True)
    assert press(officer, hall.counter, "panggil", now=at(13)).status_code == 200
    assert ticket(first).state == State.CALLED
    assert green()


def test_whoever_is_at_the_counter_is_finished_first(officer, hall, supervisor):
    first = hall.issue()
    hall.issue()
    hall.call()
    ask(officer, hall)
    decide(supervisor, approve=True)

    press(officer, hall.counter, "layani", ticket=first, now=at(12, 2))
    shown = page(officer, hall, now=at(12, 3))
    assert ("/selesai-panggil/" in shown, "/selesai/" in shown) == (False, True)
    assert "Selesaikan dahulu nomor yang di loket." in shown
    answer = press(officer, hall.counter, "selesai-panggil", ticket=first, now=at(12, 4))
    assert answer.status_code == 409
    press(officer, hall.counter, "selesai", ticket=first, now=at(12, 5))
    assert ticket(first).state == State.DONE


def test_opening_early_lets_the_very_next_press_call(officer, hall, supervisor):
    first = hall.issue()
    ask(officer, hall)
    decide(supervisor, approve=True)
    assert press(officer, hall.counter, "panggil", now=at(12, 5)).status_code == 409

    press(officer, hall.counter, "buka", closure=Closure.objects.get().pk, now=at(12, 10))

    assert press(officer, hall.counter, "panggil", now=at(12, 10)).status_code == 200
    assert ticket(first).state == State.CALLED


def test_a_refusal_is_a_sentence_for_a_quarter_of_an_hour(officer, hall, supervisor):
    ask(officer, hall)
    decide(supervisor, approve=False, now=at(12, 1))

    shown = page(officer, hall)
    assert "Permintaan menutup loket ditolak 12.01 WIB" in shown
    assert "/tutup/" in shown
    assert "ditolak" not in page(officer, hall, now=at(12, 16))


def test_a_request_nobody_answers_ends_with_its_time(officer, hall):
    ask(officer, hall)

    shown = page(officer, hall, now=at(13))

    assert ("Menunggu persetujuan" in shown, "/tutup/" in shown) == (False, True)


def test_a_supervisor_at_the_counter_closes_at_once(client, hall, supervisor):
    client.force_login(supervisor)
    press(client, hall.counter, "ambil-alih", now=at(11))
    assert "Loket langsung ditutup" in page(client, hall, now=at(11, 1))

    ask(client, hall)

    assert Closure.objects.get().state == Closure.State.APPROVED
    assert "Ditutup sampai 13.00 WIB" in page(client, hall)
    assert green()


def test_a_supervisor_of_another_agency_decides_nothing_here(hall):
    other = make_officer(make_presence(hall.mall, "Instansi lain"), Role.SUPERVISOR)

    assert closing.decides(other, hall.counter, now=at(9)) is False
    assert closing.decides(hall.officer, hall.counter, now=at(9)) is False


def test_a_second_request_is_refused_in_words(officer, hall):
    ask(officer, hall)

    answer = ask(officer, hall)

    assert (answer.status_code, answer["X-Refusal"]) == (409, "closed_already")
    assert Closure.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "until", "code"),
    [
        ("", "15", "reason_missing"),
        ("99", "15", "reason_missing"),
        ("abc", "15", "reason_missing"),
        (1, "", "until_too_late"),
        (1, "16", "until_too_late"),
        (1, "\x00", "until_too_late"),
    ],
)
def test_only_reasons_and_times_of_the_lists(officer, hall, reason, until, code):
    answer = ask(officer, hall, reason=reason, until=until)

    assert answer["X-Refusal"] == code
    assert Closure.objects.count() == 0


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (at(9, 0, 34), {"15": at(9, 15), "30": at(9, 30), "60": at(10), "hari-ini": at(15)}),
        (
            at(15, 20),
            {
                "15": at(15, 35),
                "30": at(15, 50),
                "60": at(16, 20),
                "hari-ini": at(0) + timedelta(days=1),
            },
        ),
    ],
)
def test_when_a_counter_may_open_again(hall, now, ends):
    assert closing.ends(hall.counter, now=now) == ends


def test_the_end_of_a_day_that_is_closed_is_midnight_of_its_zone():
    hall = make_hall(zone="Asia/Jayapura", slug="mpp-timur")
    sunday = at(9, zone=hall.mall.zone) - timedelta(days=1)

    assert closing.ends(hall.counter, now=sunday)["hari-ini"] == at(0, zone=hall.mall.zone)


def test_a_counter_nobody_sits_at_may_be_asked_to_close_by_a_colleague(client, hall):
    desks.leave(hall.counters[1], by=hall.officers[1], now=at(8, 30))
    client.force_login(hall.officer)
    assert "/tutup/" in page(client, hall, counter=hall.counters[1])

    ask(client, hall, counter=hall.counters[1], reason=Closure.Reason.NO_OFFICER)

    assert Closure.objects.get().counter == hall.counters[1]


def test_a_closure_of_another_counter_is_not_opened_here(officer, hall):
    until, by = at(13), hall.officers[1]
    other = closures.close(hall.counters[1], reason=MEETING, until=until, by=by, now=at(9))

    for pk in (other.pk, 0, "abc", ""):
        assert press(officer, hall.counter, "buka", closure=pk).status_code == 404
    other.refresh_from_db()
    assert other.state == Closure.State.APPROVED


@pytest.mark.parametrize("act", ["tutup", "buka", "darurat"])
def test_a_stranger_closes_opens_and_alarms_nothing(client, hall, act):
    standing = closures.request(
        hall.counter, reason=MEETING, until=at(13), by=hall.officer, now=at(9)
    )
    client.force_login(make_officer(make_presence(hall.mall, "Instansi lain"), Role.SUPERVISOR))

    answer = press(client, hall.counter, act, reason=1, until="15", closure=standing.pk)

    assert answer.status_code == 404
    assert list(Closure.objects.values_list("state", flat=True)) == [Closure.State.REQUESTED]
    assert Alarm.objects.count() == 0


def test_a_closed_counter_keeps_its_officer(officer, hall, supervisor):
    ask(officer, hall)
    decide(supervisor, approve=True)

    assert Desk.objects.get(counter=hall.counter).officer == hall.officer
    assert press(officer, hall.counter, "istirahat", now=at(12, 3)).status_code == 200
    assert "Buka sekarang" in page(officer, hall, now=at(12, 4))


def test_a_held_person_is_not_offered_to_a_closed_counter(officer, hall, supervisor):
    first = hall.issue()
    hall.call()
    hall.act(tickets.serve, first)
    hall.act(tickets.hold, first)
    ask(officer, hall)
    decide(supervisor, approve=True)

    assert "/teruskan/" not in page(officer, hall)
    tickets.resume(first, counter=hall.counter, by=hall.officer, now=at(13), key=key())
    assert ticket(first).state == State.CALLED
