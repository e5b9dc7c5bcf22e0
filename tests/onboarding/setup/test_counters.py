import pytest
from model_bakery import baker

from agencies.models import Counter, FloorPlan
from agencies.opening import Rest
from core.models import StoredFile
from hall.models import Device
from onboarding.setup.arranging import counters, plans, resting
from onboarding.setup.arranging.refusals import InUse, NotThere, NumberTaken
from queueing import tickets
from queueing.models import Desk
from tests.onboarding.setup.recipes import make_admin, make_counters, make_mall, picture
from tests.recipes import MONDAY, at, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def mall():
    return make_mall()


@pytest.fixture
def by(mall):
    return make_admin(mall)


def test_counters_come_by_zone(mall, by):
    made = counters.add(mall, {"Zona A": ["1", "2"], "Zona B": ["3"]}, by=by, now=at(9))

    assert made == 3
    assert set(Counter.objects.values_list("number", "place")) == {
        *(("1", "Zona A"), ("2", "Zona A"), ("3", "Zona B"))
    }


@pytest.mark.parametrize("zones", [{"B": ["1", "9"]}, {"B": ["8"], "C": ["8"]}])
def test_a_number_is_taken_once_and_nothing_is_added_then(mall, by, zones):
    make_counters(mall, "1", "2")

    with pytest.raises(NumberTaken, match=r"Loket [18] sudah ada"):
        counters.add(mall, zones, by=by, now=at(9))

    assert Counter.objects.count() == 2


def test_the_same_number_in_another_mall_is_another_counter(mall, by):
    make_counters(make_mall(slug="mpp-lain"), "1")

    assert counters.add(mall, {"A": ["1"]}, by=by, now=at(9)) == 1


def test_a_renamed_zone_stays_on_its_boards(mall, by):
    make_counters(mall, "1", "2")
    board = baker.make(Device, mall=mall, kind=Device.Kind.BOARD, zone="Zona A", name="Papan")

    counters.rename_zone(mall, "Zona A", "Lantai 1", by=by, now=at(9))

    board.refresh_from_db()
    assert (board.zone, set(Counter.objects.values_list("place"))) == ("Lantai 1", {("Lantai 1",)})


def test_a_zone_that_is_not_there_is_not_renamed(mall, by):
    with pytest.raises(NotThere):
        counters.rename_zone(mall, "Zona Z", "Lantai 1", by=by, now=at(9))


def test_a_counter_is_not_taken_from_whoever_is_served_there(by):
    hall = make_hall()
    hall.issue()
    called = hall.call()

    with pytest.raises(InUse, match="sedang melayani"):
        resting.rest(hall.counter, Rest(MONDAY), by=by, now=at(9))
    with pytest.raises(InUse):
        counters.change(hall.counter, number="9", place="", by=by, now=at(9))

    hall.counter.refresh_from_db()
    assert (hall.counter.is_active, hall.counter.number) == (True, "1")
    hall.act(tickets.serve, called)


def test_a_counter_out_of_use_is_nobodys_seat(by):
    hall = make_hall()

    resting.rest(hall.counter, Rest(MONDAY), by=by, now=at(9))

    hall.counter.refresh_from_db()
    assert not hall.counter.is_active
    assert Desk.objects.get(counter=hall.counter).officer is None


def test_a_counter_comes_back(mall, by):
    (counter,) = make_counters(mall, "1")
    resting.rest(counter, Rest(MONDAY), by=by, now=at(9))

    resting.use(counter, MONDAY, by=by, now=at(9))

    counter.refresh_from_db()
    assert counter.is_active


def test_a_counter_keeps_to_a_number_of_its_own(mall, by):
    one, _two = make_counters(mall, "1", "2")

    with pytest.raises(NumberTaken):
        counters.change(one, number="2", place="Zona A", by=by, now=at(9))
    counters.change(one, number="3", place="Zona B", by=by, now=at(9))

    one.refresh_from_db()
    assert (one.number, one.place) == ("3", "Zona B")


# Floor plans


@pytest.fixture
def plan(mall, by):
    return plans.save(mall, "Lantai 1", picture(), by=by, now=at(9))


def test_a_plan_knows_how_large_it_is(plan):
    assert (plan.width, plan.height, plans.rows_of(plan)) == (400, 200, 10)


def test_another_picture_takes_the_place_of_the_first_without_an_orphan(mall, plan, by):
    (counter,) = make_counters(mall, "1")
    plans.put(plan, {counter.pk: (500, 250)}, by=by, now=at(9))

    again = plans.save(mall, "Lantai 1", picture(200, 200), by=by, now=at(9))

    counter.refresh_from_db()
    assert (again.pk, again.height) == (plan.pk, 200)
    assert list(StoredFile.objects.values_list("pk")) == [(again.picture_id,)]
    assert (counter.plan_id, counter.plan_x, counter.plan_y) == (plan.pk, 500, 250)


def test_a_plan_goes_with_its_picture_and_its_places(mall, plan, by):
    (counter,) = make_counters(mall, "1")
    plans.put(plan, {counter.pk: (500, 250)}, by=by, now=at(9))

    plans.remove(plan, by=by, now=at(9))

    counter.refresh_from_db()
    assert (counter.plan_id, counter.plan_x, counter.plan_y) == (None, None, None)
    assert not FloorPlan.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_counter_is_taken_off_its_own_plan_only(mall, plan, by):
    other = plans.save(mall, "Lantai 2", picture(), by=by, now=at(9))
    one, two = make_counters(mall, "1", "2")
    plans.put(plan, {one.pk: (1, 1)}, by=by, now=at(9))
    plans.put(other, {two.pk: (1, 1)}, by=by, now=at(9))

    plans.put(plan, {one.pk: None, two.pk: None}, by=by, now=at(9))

    assert list(Counter.objects.exclude(plan=None)) == [two]


def test_a_counter_of_another_mall_stands_on_no_plan_here(plan, by):
    (foreign,) = make_counters(make_mall(slug="mpp-lain"), "1")

    with pytest.raises(NotThere):
        plans.put(plan, {foreign.pk: (1, 1)}, by=by, now=at(9))


def test_a_cell_is_read_back_as_it_was_written(mall, plan, by):
    (counter,) = make_counters(mall, "1")
    plans.put(plan, {counter.pk: plans.spot_of(plan, "c20")}, by=by, now=at(9))

    counter.refresh_from_db()
    assert plans.cell_of(plan, counter) == "C20"


@pytest.mark.parametrize("cell", ["", "A", "A0", "A21", "K1", "11", "A-1", "A²"])
def test_what_is_no_cell_is_no_place(plan, cell):
    assert plans.spot_of(plan, cell) is None
