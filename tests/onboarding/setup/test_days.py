from datetime import timedelta

import pytest

from agencies.models import CounterDay, Mall, Presence
from agencies.rota import CounterTaken
from appointments.models import Booking
from appointments.states import State
from hall.models import HallEvent
from onboarding.setup.arranging import days
from onboarding.setup.arranging.refusals import ByAgreement, NotThere, TooEarly
from services.models import CounterQueue
from tests.appointments.recipes import TUESDAY, book, make_plan
from tests.onboarding.setup.recipes import make_admin, make_agency, make_counters, make_mall
from tests.recipes import MONDAY, at, make_hall, make_queue

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def mall():
    return make_mall()


@pytest.fixture
def by(mall):
    return make_admin(mall)


@pytest.fixture
def hall():
    hall = make_hall()
    Presence.objects.update(basis=Presence.Basis.DECREE)
    return hall


def lay(mall, wanted, by, *, from_date=MONDAY):
    return days.lay(mall, wanted, from_date=from_date, by=by, now=at(9))


def test_agencies_get_their_weekdays_and_counters(mall, by):
    presence, (one, two) = make_agency(mall), make_counters(mall, "1", "2")

    lay(mall, {presence.pk: {0: {one.pk, two.pk}, 2: {one.pk}}}, by)

    found = set(CounterDay.objects.values_list("weekday", "counter__number", "from_date"))
    assert found == {(0, "1", MONDAY), (0, "2", MONDAY), (2, "1", MONDAY)}


def test_a_counter_that_calls_nothing_calls_all_queues_of_its_agency(mall, by):
    presence, (one, two) = make_agency(mall), make_counters(mall, "1", "2")
    first, _second = make_queue(presence, "A"), make_queue(presence, "B")
    CounterQueue.objects.create(counter=one, queue=first)

    lay(mall, {presence.pk: {0: {one.pk, two.pk}}}, by)

    found = set(CounterQueue.objects.values_list("counter__number", "queue__letter"))
    assert found == {("1", "A"), ("2", "A"), ("2", "B")}


def test_the_past_of_a_mall_that_serves_stays(hall, by):
    with pytest.raises(TooEarly, match="paling cepat besok"):
        lay(hall.mall, {hall.presence.pk: {}}, by)
    lay(hall.mall, {hall.presence.pk: {1: {hall.counter.pk}}}, by, from_date=TUESDAY)

    assert CounterDay.objects.on(MONDAY).count() == 1
    assert CounterDay.objects.on(MONDAY + 7 * DAY).count() == 0
    assert CounterDay.objects.on(TUESDAY).get().from_date == TUESDAY


def test_an_agency_that_gave_out_numbers_changes_tomorrow_wherever_its_mall_stands(hall, by):
    hall.issue()
    Mall.objects.update(stage=Mall.Stage.PREPARATION)
    hall.mall.refresh_from_db()

    assert days.earliest(hall.mall, [hall.presence.pk], now=at(9)) == TUESDAY


def test_whoever_comes_by_agreement_is_not_laid_here(hall, by):
    Presence.objects.update(basis=Presence.Basis.AGREEMENT)

    with pytest.raises(ByAgreement, match="mengikuti perjanjiannya"):
        lay(hall.mall, {hall.presence.pk: {}}, by, from_date=TUESDAY)

    assert CounterDay.objects.filter(until_date=None).count() == 5


def test_a_counter_somebody_else_has_is_named(mall, by):
    first, second = make_agency(mall), make_agency(mall, "Dinas Dua")
    (one,) = make_counters(mall, "1")
    lay(mall, {first.pk: {0: {one.pk}}}, by)

    with pytest.raises(CounterTaken, match="Loket 1 pada hari Senin sudah dipakai Dinas Satu"):
        lay(mall, {second.pk: {0: {one.pk}}}, by)

    assert list(CounterDay.objects.values_list("presence")) == [(first.pk,)]


def test_two_agencies_swap_counters_in_one_change(mall, by):
    first, second = make_agency(mall), make_agency(mall, "Dinas Dua")
    one, two = make_counters(mall, "1", "2")
    lay(mall, {first.pk: {0: {one.pk}}, second.pk: {0: {two.pk}}}, by)

    lay(mall, {first.pk: {0: {two.pk}}, second.pk: {0: {one.pk}}}, by)

    found = dict(CounterDay.objects.on(MONDAY).values_list("presence", "counter"))
    assert found == {first.pk: two.pk, second.pk: one.pk}


@pytest.mark.parametrize("what", ["agency", "counter"])
def test_nothing_of_another_mall_is_laid(mall, by, what):
    other = make_mall(slug="mpp-lain")
    own, (one,) = make_agency(mall), make_counters(mall, "1")
    foreign, (two,) = make_agency(other, "Dinas Dua"), make_counters(other, "1")
    wanted = {"agency": {foreign.pk: {0: {one.pk}}}, "counter": {own.pk: {0: {two.pk}}}}

    with pytest.raises(NotThere):
        lay(mall, wanted[what], by)

    assert not CounterDay.objects.exists()


def test_reservations_of_days_without_the_agency_are_called_off(hall, by):
    make_plan(hall.service)
    book(hall.service)  # on Tuesday

    gone = lay(hall.mall, {hall.presence.pk: {0: {hall.counter.pk}}}, by, from_date=TUESDAY)

    assert gone == 1
    assert Booking.objects.get().state == State.CALLED_OFF


def test_the_week_is_read_as_it_stands_from_a_day(hall, by):
    lay(hall.mall, {hall.presence.pk: {0: {hall.counter.pk}}}, by, from_date=TUESDAY)

    pk = hall.presence.pk
    assert days.attended([pk], on=MONDAY)[pk].weekdays == [0]
    assert days.attended([pk], on=TUESDAY)[pk].weekdays == [0]
    assert days.attended([pk], on=TUESDAY)[pk].said == "Senin: loket 1"


def test_a_counter_serves_exactly_the_chosen_queues(hall, by):
    second = make_queue(hall.presence, "B")
    CounterQueue.objects.update(rank=1)
    chosen = {hall.counter.pk: [hall.queue.pk, second.pk]}

    days.serve(hall.presence, chosen, by=by, now=at(9))

    found = set(CounterQueue.objects.values_list("queue__letter", "rank"))
    assert found == {("A", 1), ("B", None)}
    days.serve(hall.presence, {hall.counter.pk: [second.pk]}, by=by, now=at(9))
    assert list(CounterQueue.objects.values_list("queue__letter")) == [("B",)]


def test_a_counter_serves_no_queue_of_another_agency(hall, by):
    foreign = make_queue(make_agency(hall.mall), "B")

    with pytest.raises(NotThere):
        days.serve(hall.presence, {hall.counter.pk: [foreign.pk]}, by=by, now=at(9))

    assert list(CounterQueue.objects.values_list("queue__letter")) == [("A",)]


def test_laying_is_on_record(hall, by):
    lay(hall.mall, {hall.presence.pk: {}}, by, from_date=TUESDAY)

    event = HallEvent.objects.get(act="setup.days")
    assert (event.by, event.detail) == (by, str(TUESDAY))
