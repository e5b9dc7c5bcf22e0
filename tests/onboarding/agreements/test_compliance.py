"""What an agency promised against what happened at its counters."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from agencies.models import DatedHours, Holiday
from core import memo
from onboarding.agreements import compliance
from queueing import desks
from tests.onboarding.agreements.recipes import neighbour, promise, signed
from tests.recipes import MONDAY, at, make_hall

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TUESDAY, SUNDAY = MONDAY + DAY, MONDAY + 6 * DAY
YEAR = date(2026, 1, 1)


@pytest.fixture
def hall():
    """Both officers sat down on Monday at eight, and the hall gives out numbers since then."""
    hall = make_hall(counters=2)
    hall.issue()
    return hall


def of(hall, presence=None, first=MONDAY, last=SUNDAY):
    presence = presence or hall.presence
    memo.clear_all()
    return compliance.of(hall.mall, [presence.pk], first, last)[presence.pk]


def work(hall, on, *, seat=0, since=8, until=15):
    """The officer at that seat comes and goes."""
    officer = hall.officers[seat]
    desks.open_(hall.counters[seat], by=officer, now=at(since, on=on))
    desks.leave(hall.counters[seat], by=officer, now=at(until, on=on))


def promised(record):
    return [day.on for day in record.days if day.promised]


def test_by_decree_the_days_of_the_counters_are_promised(hall):
    record = of(hall)

    assert promised(record) == [MONDAY + ahead * DAY for ahead in range(5)]
    assert (record.promised, record.attended, record.percent) == (5, 1, Decimal("20.0"))


def test_with_a_term_its_days_counters_hours_and_staff_are_promised(hall):
    said = promise(hall.presence, hall.counter, 0, 1, staff=3, opens=time(9), closes=time(14))
    signed(hall, said, from_date=YEAR)

    record = of(hall)

    assert promised(record) == [MONDAY, TUESDAY]
    day = record.days[0].promised
    assert (day.counters, day.staff, day.opens, day.closes) == (1, 3, time(9), time(14))
    assert day.minutes == 4 * 60  # without the break


def test_a_later_term_counts_from_its_day_on(hall):
    base = signed(hall, promise(hall.presence, hall.counter, 0, 1, 2), from_date=YEAR)
    wednesday = MONDAY + 2 * DAY
    signed(hall, promise(hall.presence, hall.counter, 4), amends_id=base.pk, from_date=wednesday)

    assert promised(of(hall)) == [MONDAY, TUESDAY, MONDAY + 4 * DAY]


@pytest.mark.parametrize("closing", ["holiday", "dated"])
def test_a_day_on_which_the_mall_is_closed_is_not_promised(hall, closing):
    if closing == "holiday":
        Holiday.objects.create(day=TUESDAY, name="Libur")
    else:
        DatedHours.objects.create(
            mall=hall.mall, from_date=TUESDAY, until_date=TUESDAY, reason="Banjir"
        )

    assert TUESDAY not in promised(of(hall))


def test_shorter_hours_of_the_mall_are_shorter_for_its_agencies(hall):
    ramadan = {"opens": time(8), "closes": time(11), "reason": "Ramadan"}
    DatedHours.objects.create(mall=hall.mall, from_date=MONDAY, until_date=MONDAY, **ramadan)
    signed(
        hall,
        promise(hall.presence, hall.counter, 0, opens=time(9), closes=time(15)),
        from_date=YEAR,
    )

    day = of(hall).days[0].promised

    assert (day.opens, day.closes, day.minutes) == (time(9), time(11), 120)


def test_what_was_kept_is_from_the_first_act_to_the_last_without_the_break(hall):
    work(hall, TUESDAY, since=9, until=14)

    day = of(hall).days[1]

    assert (day.on, day.kept.counters, day.kept.officers, day.minutes) == (TUESDAY, 1, 1, 240)


def test_a_sentence_says_it_plainly(hall):
    signed(
        hall,
        promise(hall.presence, hall.counter, 1, 2, 3, staff=1),
        from_date=YEAR,
    )
    work(hall, TUESDAY)
    work(hall, TUESDAY + DAY, since=9, until=15)

    assert of(hall).sentence == (
        "Hadir 2 dari 3 hari, 1 dari 1 loket, 5,5 dari 6 jam, 1 dari 1 petugas."
    )


def test_a_day_nobody_promised_is_extra_and_no_attendance(hall):
    signed(hall, promise(hall.presence, hall.counter, 1), from_date=YEAR)

    record = of(hall)

    assert (record.promised, record.attended, record.extra) == (1, 0, 1)


def test_nothing_promised_is_no_percentage(hall):
    court = neighbour(hall.mall)

    record = of(hall, court)

    assert (record.percent, record.days) == (None, ())
    assert record.sentence == "Tidak ada hari hadir yang dijanjikan dalam masa ini."


def test_days_before_the_hall_gave_out_numbers_are_not_measured(hall):
    record = of(hall, first=MONDAY - 28 * DAY, last=MONDAY)

    assert [day.on for day in record.days] == [MONDAY]


def test_a_hall_that_never_gave_out_a_number_is_not_measured():
    assert of(make_hall()).days == ()


@pytest.mark.parametrize("neighbours", [0, 2])
def test_as_many_queries_for_one_agency_as_for_three(hall, neighbours, django_assert_num_queries):
    agencies = [hall.presence] + [neighbour(hall.mall, f"I {n}") for n in range(neighbours)]
    for place, each in enumerate(agencies):
        signed(hall, promise(each, hall.counters[1], 4 + place), from_date=YEAR)
    hall.call()
    memo.clear_all()

    with django_assert_num_queries(13):
        found = compliance.of(hall.mall, [each.pk for each in agencies], MONDAY, SUNDAY)

    assert len(found) == len(agencies)


@pytest.mark.parametrize(
    ("on", "today", "first", "last"),
    [
        (date(2026, 3, 11), date(2026, 4, 20), date(2026, 3, 9), date(2026, 3, 15)),
        (date(2026, 3, 11), date(2026, 3, 11), date(2026, 3, 9), date(2026, 3, 10)),
        (date(2026, 3, 9), date(2026, 3, 9), date(2026, 3, 9), None),
    ],
)
def test_a_week_ends_on_sunday_or_yesterday(on, today, first, last):
    period = compliance.week(on, today=today)

    assert (period.first, period.last) == (first, last)
    assert (period.before, period.after) == (date(2026, 3, 8), date(2026, 3, 16))


@pytest.mark.parametrize(
    ("on", "today", "last"),
    [
        (date(2026, 2, 14), date(2026, 4, 20), date(2026, 2, 28)),
        (date(2026, 4, 14), date(2026, 4, 20), date(2026, 4, 19)),
        (date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_ends_on_its_last_day_or_yesterday(on, today, last):
    period = compliance.month(on, today=today)

    assert (period.first, period.last) == (on.replace(day=1), last)


def test_lately_are_thirty_days_before_today():
    assert compliance.lately(date(2026, 3, 31)) == (date(2026, 3, 1), date(2026, 3, 30))
