"""What each number is counted as, whatever happened to it."""

from datetime import timedelta

import pytest

from monitoring import facts
from monitoring.facts import Channel
from monitoring.tallies import merged
from queueing import notes, sweeps, tickets
from queueing.moves import Booked
from queueing.states import Priority
from services.models import Service
from tests.recipes import MONDAY, add_counter, at, key, make_hall, make_queue, make_service

pytestmark = pytest.mark.django_db
MIDNIGHT = at(0, 1, on=MONDAY + timedelta(1))


@pytest.fixture
def hall():
    return make_hall()


def counted(hall, **wanted):
    """Of all the day's numbers together: those counts that are not nought."""
    counts = merged(map(facts.tally_of, facts.of_day(hall.mall, MONDAY))).counts
    return {name: count for name, count in counts._asdict().items() if count}


def waits(hall):
    return [facts.tally_of(fact).waits.seconds for fact in facts.of_day(hall.mall, MONDAY)]


def channels(hall):
    return [fact.channel for fact in facts.of_day(hall.mall, MONDAY)]


def other_service(hall):
    service = make_service(make_queue(hall.presence, "B"))
    add_counter(hall, queues=[service.queue])
    return service


def issue(hall, **more):
    more = {"now": at(9), "key": key()} | more
    return tickets.issue(hall.service.pk, priority=Priority.NONE, **more)


def called(hall, *, issued=None, now=None):
    pk = hall.issue(now=issued or at(9))
    hall.call(now=now or at(9, 10))
    return pk


def served(hall, *, minutes=5):
    pk = called(hall)
    hall.act(tickets.serve, pk, now=at(9, 10))
    hall.act(tickets.finish, pk, now=at(9, 10 + minutes))
    return pk


def transferred(hall, service):
    """Called after 10 minutes at one queue, sent on to another at 9:15."""
    pk = called(hall)
    hall.act(tickets.serve, pk, now=at(9, 10))
    return hall.act(tickets.transfer, pk, now=at(9, 15), service_id=service.pk)


# --- Channels ------------------------------------------------------------------------------------


def test_a_number_on_paper_came_from_the_kiosk(hall):
    tickets.confirm(issue(hall, on_paper=True), now=at(9, 1), key=key())

    assert channels(hall) == [Channel.KIOSK]


def test_a_number_without_paper_came_from_a_phone(hall):
    issue(hall)

    assert channels(hall) == [Channel.PHONE]


def test_a_number_that_somebody_gave_out_came_from_an_officer(hall):
    issue(hall, by=hall.officer)

    assert channels(hall) == [Channel.OFFICER]


@pytest.mark.parametrize("on_paper", [True, False])
def test_a_reservation_stays_one_however_it_is_checked_in(hall, on_paper):
    pk = issue(hall, booked=Booked(at(9), at(9)), on_paper=on_paper)
    if on_paper:
        tickets.confirm(pk, now=at(9, 1), key=key())

    assert channels(hall) == [Channel.BOOKED]


def test_a_number_from_another_queue_is_a_transfer(hall):
    transferred(hall, other_service(hall))

    assert channels(hall) == [Channel.PHONE, Channel.TRANSFER]


# --- What became of it ---------------------------------------------------------------------------


def test_somebody_who_waits_is_open(hall):
    hall.issue()

    assert counted(hall) == {"issued": 1, "visits": 1, "open": 1}


def test_somebody_at_a_counter_is_open_and_called(hall):
    called(hall)

    assert counted(hall) == {"issued": 1, "visits": 1, "called": 1, "open": 1}


def test_somebody_served_in_time(hall):
    served(hall, minutes=10)

    assert counted(hall) == {
        **dict.fromkeys(["issued", "visits", "called", "served", "within", "complete"], 1)
    }


def test_a_service_longer_than_its_standard_is_not_within_it(hall):
    served(hall, minutes=11)

    assert "within" not in counted(hall)


def test_the_standard_of_a_service_is_that_of_the_count(hall):
    served(hall, minutes=11)
    Service.objects.update(minutes=11)

    assert counted(hall)["within"] == 1


def test_somebody_who_lacked_a_paper_was_not_done_at_the_first_visit(hall):
    pk = called(hall)
    hall.act(tickets.serve, pk, now=at(9, 10))
    notes.mark_missing(pk, "KTP-el", counter=hall.counter, by=hall.officer, now=at(9, 11))
    hall.act(tickets.finish, pk, now=at(9, 12))

    assert "complete" not in counted(hall)


def test_somebody_who_gave_up_is_cancelled(hall):
    tickets.cancel(hall.issue(), now=at(9, 5), key=key())

    assert counted(hall) == {"issued": 1, "visits": 1, "cancelled": 1}


def test_somebody_who_never_came_is_absent_when_the_day_closes(hall):
    hall.act(tickets.skip, called(hall), now=at(9, 11))
    before = counted(hall)
    sweeps.close_days(now=MIDNIGHT)

    assert before == {"issued": 1, "visits": 1, "called": 1, "open": 1, "skipped": 1}
    assert counted(hall) == {"issued": 1, "visits": 1, "called": 1, "absent": 1, "skipped": 1}


def test_somebody_who_was_still_waiting_at_the_end_is_unserved(hall):
    hall.issue()
    sweeps.close_days(now=MIDNIGHT)

    assert counted(hall) == {"issued": 1, "visits": 1, "unserved": 1}


def test_somebody_whose_service_was_put_off_until_the_end_is_interrupted(hall):
    pk = called(hall)
    hall.act(tickets.serve, pk, now=at(9, 10))
    hall.act(tickets.hold, pk, now=at(9, 12))
    sweeps.close_days(now=MIDNIGHT)

    assert counted(hall) == {"issued": 1, "visits": 1, "called": 1, "interrupted": 1}


def test_a_call_that_was_undone_is_none(hall):
    pk = called(hall)
    hall.act(tickets.undo, pk, now=at(9, 10, 20))

    assert counted(hall) == {"issued": 1, "visits": 1, "open": 1}
    assert waits(hall) == [0]


def test_a_number_that_was_never_printed_is_none(hall):
    issue(hall, on_paper=True)
    printing = counted(hall)
    sweeps.withdraw_unprinted(now=at(9, 5))

    assert printing == counted(hall) == {}


# --- Waits ---------------------------------------------------------------------------------------


def test_somebody_who_came_back_waits_from_the_new_place(hall):
    pk = called(hall)
    hall.act(tickets.skip, pk, now=at(9, 12))
    tickets.return_to_line(pk, now=at(9, 20), key=key())
    hall.call(now=at(9, 25))
    hall.done(pk, now=at(9, 26))

    assert waits(hall) == [5 * 60]
    assert counted(hall) == {
        **dict.fromkeys(
            ["issued", "visits", "called", "skipped", "served", "within", "complete"], 1
        )
    }


def test_a_wait_before_a_transfer_is_not_counted_twice(hall):
    transferred(hall, other_service(hall))
    hall.call(seat=1, now=at(9, 22))

    assert waits(hall) == [10 * 60, 7 * 60]
    assert (counted(hall)["issued"], counted(hall)["visits"]) == (2, 1)


def test_whoever_came_back_after_a_transfer_waits_from_the_new_place_too(hall):
    pk = transferred(hall, other_service(hall))
    hall.call(seat=1, now=at(9, 22))
    hall.act(tickets.skip, pk, seat=1, now=at(9, 24))
    tickets.return_to_line(pk, now=at(9, 30), key=key())
    hall.call(seat=1, now=at(9, 34))

    assert waits(hall) == [10 * 60, 4 * 60]


def test_a_pause_at_the_counter_is_no_service(hall):
    pk = called(hall)
    hall.act(tickets.serve, pk, now=at(9, 10))
    hall.act(tickets.hold, pk, now=at(9, 12))
    hall.act(tickets.resume, pk, now=at(9, 40))
    hall.act(tickets.serve, pk, now=at(9, 41))
    hall.act(tickets.finish, pk, now=at(9, 44))

    (fact,) = facts.of_day(hall.mall, MONDAY)
    assert facts.tally_of(fact).services.seconds == 5 * 60


# --- Cells ---------------------------------------------------------------------------------------


def test_a_number_belongs_to_the_hour_of_the_malls_own_clock(hall):
    hall.issue(now=at(9, 59), priority=Priority.ELDERLY)
    hall.issue(now=at(10))

    found = facts.cells(facts.of_day(hall.mall, MONDAY), hall.mall.zone)

    where = (hall.presence.pk, hall.queue.pk, hall.service.pk, Channel.PHONE)
    assert [*found] == [(*where, Priority.ELDERLY, 9), (*where, Priority.NONE, 10)]


def test_a_day_is_read_with_one_statement_whatever_happened(hall, django_assert_num_queries):
    served(hall)
    for _more in range(2):
        hall.issue(now=at(10))

    with django_assert_num_queries(1):
        assert len(facts.of_day(hall.mall, MONDAY)) == 3
