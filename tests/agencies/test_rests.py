"""Days out of use: the filter, the row and the plain value say the same of every day."""

from datetime import date, timedelta

import pytest

from agencies.models import Counter, in_use, in_use_sql
from agencies.opening import Rest
from core import sql
from tests.recipes import attending, make_hall

D = [date(2026, 3, 9) + timedelta(days=ahead) for ahead in range(7)]
SPANS = [
    (None, None),
    (D[2], None),
    (D[2], D[4]),
    (D[2], D[2]),
    (date(2000, 1, 1), D[3]),
]
SQL = "SELECT COUNT(*) FROM agencies_counter AS counter WHERE {}"


@pytest.mark.django_db
@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("span", SPANS)
def test_three_ways_of_asking_agree_on_every_day(span, is_active):
    counter = make_hall().counter
    Counter.objects.update(is_active=is_active, rests_from=span[0], rests_until=span[1])
    counter.refresh_from_db()

    for on in D:
        found = Counter.objects.filter(in_use(on)).count()
        counted = sql.row(SQL.format(in_use_sql("counter")), on=on)[0]
        assert (found, counted) == (counter.is_in_use(on), counter.is_in_use(on))


@pytest.mark.parametrize(
    ("rest", "gone"),
    [
        (Rest(D[2]), D[2:]),
        (Rest(D[2], D[4]), D[2:5]),
        (Rest(D[0], D[6]), D),
        (Rest(D[6]), D[6:]),
        (Rest(date(2020, 1, 1), D[0]), D[:1]),
        (Rest(date(2020, 1, 1), date(2020, 2, 1)), []),
    ],
)
@pytest.mark.parametrize("until", [None, D[5]])
def test_attendance_without_a_rest_lacks_its_days_and_no_other(rest, gone, until):
    stands = attending(*range(7), since=D[0], until=until)

    left = stands.without(rest)

    assert [on for on in D if on in left] == [on for on in D if on in stands and on not in gone]
    assert all(rest.covers(on) == (on in gone) for on in D)


def test_who_comes_back_after_a_rest_has_no_last_day():
    stands = attending(0, since=D[0])

    assert stands.without(Rest(D[2], D[4])).last_day() is None
    assert stands.without(Rest(D[2])).last_day() == D[1]
