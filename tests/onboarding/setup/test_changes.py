"""What is called otherwise from a day on is made on that day, before its first number."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from agencies.models import Counter, Mall
from hall.models import Device, HallEvent
from onboarding.models import PlannedChange
from onboarding.setup.arranging import changes, counters, queues
from onboarding.setup.arranging.queues import NewQueue, QueueAs
from onboarding.setup.arranging.refusals import (
    HoldsAlready,
    LetterTaken,
    NotThere,
    NumberTaken,
    TooEarly,
)
from services.models import Queue
from tests.appointments.recipes import TUESDAY
from tests.onboarding.setup.recipes import make_counters
from tests.onboarding.staff.recipes import appoint
from tests.recipes import MONDAY, at, make_hall, make_queue

pytestmark = pytest.mark.django_db
WEDNESDAY = TUESDAY + timedelta(days=1)
MIDNIGHT = at(0, 1, on=TUESDAY)


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def by(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def change(by):
    """Change something, from Tuesday on unless it is said otherwise."""

    def act(subject, *, from_date=TUESDAY, **values):
        changes.change(subject, values, from_date=from_date, by=by, now=at(9))

    return act


def number_of(counter):
    return Counter.objects.values_list("number", "place").get(pk=counter.pk)


def letter_of(queue):
    return Queue.objects.values_list("letter", "name", "daily_quota").get(pk=queue.pk)


def test_a_counter_is_called_otherwise_on_its_day_and_not_before(hall, change):
    change(hall.counter, number="7", place="Lantai 2")
    before = number_of(hall.counter)

    assert changes.make_due(now=at(23, 59)) == 0
    assert changes.make_due(now=MIDNIGHT) == 1

    assert (before, number_of(hall.counter)) == (("1", "Lantai 1"), ("7", "Lantai 2"))
    made = PlannedChange.objects.get()
    assert (made.applied_at, made.was) == (MIDNIGHT, {"number": "1", "place": "Lantai 1"})


def test_a_queue_and_the_ratio_change_on_their_day(hall, change):
    change(hall.queue, letter="K", name="Kependudukan", daily_quota=50)
    change(hall.mall, priority_ratio=5)

    assert changes.make_due(now=MIDNIGHT) == 2

    assert letter_of(hall.queue) == ("K", "Kependudukan", 50)
    assert Mall.objects.get().priority_ratio == 5


def test_twice_is_once(hall, change):
    change(hall.counter, number="7", place="Lantai 1")
    changes.make_due(now=MIDNIGHT)
    counters.change(hall.counter, number="8", place="", by=hall.officer, now=at(0, 2, on=TUESDAY))

    assert changes.make_due(now=at(0, 3, on=TUESDAY)) == 0
    assert number_of(hall.counter)[0] == "8"
    assert HallEvent.objects.filter(act="setup.planned_made").count() == 1


def test_today_is_at_once(hall, change):
    change(hall.counter, number="7", place="Lantai 2", from_date=MONDAY)
    change(hall.queue, letter="K", name="Antrean K", daily_quota=None, from_date=MONDAY)
    change(hall.mall, priority_ratio=5, from_date=MONDAY)

    assert number_of(hall.counter) == ("7", "Lantai 2")
    assert letter_of(hall.queue) == ("K", "Antrean K", None)
    assert Mall.objects.get().priority_ratio == 5
    assert not PlannedChange.objects.exists()


def test_only_what_becomes_other_is_planned(hall, change, by):
    change(hall.counter, number="7", place="Lantai 1")
    counters.change(hall.counter, number="1", place="Lobi", by=by, now=at(10))

    changes.make_due(now=MIDNIGHT)

    assert PlannedChange.objects.get().values == {"number": "7"}
    assert number_of(hall.counter) == ("7", "Lobi")


def test_a_second_plan_for_one_day_takes_the_place_of_the_first(hall, change):
    change(hall.counter, number="7", place="Lantai 1")
    change(hall.counter, number="8", place="Lantai 1")
    assert PlannedChange.objects.get().values == {"number": "8"}

    change(hall.counter, number="1", place="Lantai 1")

    assert not PlannedChange.objects.exists()


def test_plans_of_several_days_build_on_each_other(hall, change):
    change(hall.counter, number="7", place="Lantai 1")
    change(hall.counter, number="7", place="Lantai 2", from_date=WEDNESDAY)

    assert changes.standing(hall.counter, on=MONDAY) == {"number": "1", "place": "Lantai 1"}
    assert changes.standing(hall.counter, on=WEDNESDAY) == {"number": "7", "place": "Lantai 2"}
    assert changes.make_due(now=at(1, on=WEDNESDAY)) == 2
    assert number_of(hall.counter) == ("7", "Lantai 2")


def test_two_that_move_up_on_one_day_do_not_meet(hall, change):
    (two,) = make_counters(hall.mall, "2")
    change(two, number="3", place="Zona A")
    change(hall.counter, number="2", place="Lantai 1")

    changes.make_due(now=MIDNIGHT)

    assert (number_of(hall.counter)[0], number_of(two)[0]) == ("2", "3")


def test_letters_move_up_as_well(hall, change):
    other = make_queue(hall.presence, "B")
    change(other, letter="C", name="Antrean B", daily_quota=None)
    change(hall.queue, letter="B", name="Antrean A", daily_quota=None)

    changes.make_due(now=MIDNIGHT)

    assert (letter_of(hall.queue)[0], letter_of(other)[0]) == ("B", "C")


# Nothing is renamed in the running hall


def test_who_is_late_waits_for_the_next_morning(hall, change):
    change(hall.counter, number="7", place="Lantai 1")
    hall.issue(now=at(9, on=TUESDAY))
    version = HallEvent.objects.count()

    assert changes.make_due(now=at(9, 1, on=TUESDAY)) == 0
    assert (number_of(hall.counter)[0], HallEvent.objects.count()) == ("1", version)
    assert changes.make_due(now=at(0, 1, on=WEDNESDAY)) == 1
    assert number_of(hall.counter)[0] == "7"


def test_another_mall_that_is_open_already_holds_nobody_up(hall, change):
    far = make_hall(slug="mpp-timur", zone="Asia/Jayapura")
    change(hall.counter, number="7", place="Lantai 1")
    far.issue(now=at(9, on=MONDAY))

    assert changes.make_due(now=MIDNIGHT) == 1


def test_each_mall_has_its_own_midnight(by, change):
    far = make_hall(slug="mpp-timur", zone="Asia/Jayapura")
    changes.plan(far.counter, {"number": "7"}, from_date=TUESDAY, by=far.officer, now=at(9))

    assert changes.make_due(now=at(22, 1)) == 1
    assert number_of(far.counter)[0] == "7"


def test_somebody_who_went_behind_the_rules_stops_the_change_and_is_logged(hall, change, caplog):
    change(hall.counter, number="7", place="Lantai 1")
    make_counters(hall.mall, "7")

    assert changes.make_due(now=MIDNIGHT) == 0

    assert "clash over 7" in caplog.text
    assert number_of(hall.counter)[0] == "1"


# What stands in its own way


def test_nothing_is_planned_for_a_day_that_has_come(hall, by):
    with pytest.raises(TooEarly):
        changes.plan(hall.counter, {"number": "7"}, from_date=MONDAY, by=by, now=at(9))
    with pytest.raises(TooEarly):
        changes.plan_zone(hall.mall, "Lantai 1", "Lobi", from_date=MONDAY, by=by, now=at(9))


def test_a_number_of_another_counter_is_refused_for_that_day(hall, change):
    make_counters(hall.mall, "2")

    with pytest.raises(NumberTaken, match="Nomor 2 dipakai dua loket mulai Selasa, 10 Maret"):
        change(hall.counter, number="2", place="Lantai 1")

    assert not PlannedChange.objects.exists()


def test_a_letter_of_another_queue_is_refused_for_that_day(hall, change):
    make_queue(hall.presence, "B")

    with pytest.raises(LetterTaken, match="Huruf B dipakai dua antrean mulai Selasa"):
        change(hall.queue, letter="B", name="Antrean A", daily_quota=None)


def test_a_promised_number_is_given_to_nobody_else(hall, change, by):
    (two,) = make_counters(hall.mall, "2")
    change(hall.counter, number="7", place="Lantai 1")

    with pytest.raises(NumberTaken):
        counters.add(hall.mall, {"B": ["7"]}, by=by, now=at(9))
    with pytest.raises(NumberTaken):
        counters.change(two, number="7", place="", by=by, now=at(9))
    assert Counter.objects.count() == 2
    assert number_of(two)[0] == "2"


def test_a_promised_letter_is_given_to_nobody_else(hall, change, by):
    change(hall.queue, letter="K", name="Antrean A", daily_quota=None)
    other = make_queue(hall.presence, "B")

    with pytest.raises(LetterTaken):
        queues.add(hall.mall, [NewQueue(hall.presence.pk, "K", "K")], [], by=by, now=at(9))
    wanted = {other.pk: QueueAs("K", "K", None, True)}
    with pytest.raises(LetterTaken):
        queues.rearrange(hall.presence, wanted, {}, by=by, now=at(9))
    assert "K" not in set(queues.free_letters(hall.mall))


# Zones


def test_a_zone_is_called_otherwise_with_its_boards(hall, by):
    board = Device.objects.create(
        mall=hall.mall, kind=Device.Kind.BOARD, zone="Lantai 1", name="Papan"
    )
    changes.rename_zone(hall.mall, "Lantai 1", "Lobi", from_date=TUESDAY, by=by, now=at(9))
    assert number_of(hall.counter)[1] == "Lantai 1"

    changes.make_due(now=MIDNIGHT)

    board.refresh_from_db()
    assert (number_of(hall.counter)[1], board.zone) == ("Lobi", "Lobi")


def test_a_zone_is_called_otherwise_at_once(hall, by):
    changes.rename_zone(hall.mall, "Lantai 1", "Lobi", from_date=MONDAY, by=by, now=at(9))

    assert number_of(hall.counter)[1] == "Lobi"


def test_a_zone_that_is_not_there_is_planned_for_nothing(hall, by):
    with pytest.raises(NotThere):
        changes.plan_zone(hall.mall, "Zona Z", "Lobi", from_date=TUESDAY, by=by, now=at(9))


# Taken back


def test_a_change_is_taken_back_before_its_day_and_not_after(hall, change, by):
    change(hall.counter, number="7", place="Lantai 1")
    change(hall.counter, number="8", place="Lantai 1", from_date=WEDNESDAY)
    first, second = changes.planned(hall.mall)

    changes.withdraw(second, by=by, now=at(9))
    changes.make_due(now=MIDNIGHT)

    with pytest.raises(HoldsAlready):
        changes.withdraw(first, by=by, now=MIDNIGHT)
    assert number_of(hall.counter)[0] == "7"


def test_what_another_change_waits_for_is_not_taken_back(hall, change, by):
    (two,) = make_counters(hall.mall, "2")
    change(two, number="3", place="Zona A")
    change(hall.counter, number="2", place="Lantai 1")

    with pytest.raises(NumberTaken):
        changes.withdraw(changes.of_subject(two, hall.mall).get(), by=by, now=at(9))

    assert changes.planned(hall.mall).count() == 2


# In words


def test_every_kind_of_change_is_said_in_words(hall, change, by):
    change(hall.counter, number="7", place="Lantai 2")
    change(hall.queue, letter="K", name="Antrean A", daily_quota=50)
    change(hall.mall, priority_ratio=5)
    changes.rename_zone(hall.mall, "Lantai 1", "Lobi", from_date=TUESDAY, by=by, now=at(9))

    assert [changes.said(row) for row in changes.planned(hall.mall)] == [
        "Loket 1: nomor 7, zona Lantai 2",
        "A – Antrean A: huruf K, kuota per hari 50",
        "Prioritas per satu reguler: 5",
        "Zona Lantai 1 menjadi Lobi",
    ]


def test_a_quota_that_goes_is_said_as_such(hall, change):
    Queue.objects.update(daily_quota=10)
    hall.queue.refresh_from_db()
    change(hall.queue, letter="A", name="Antrean A", daily_quota=None)

    said = changes.said(changes.planned(hall.mall).get())
    assert said == "A – Antrean A: kuota per hari tanpa batas"
