from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agencies.terms import Promise, earlier, holding, reigns

BASE = Promise(1, date(2026, 1, 1), date(2026, 12, 31), (1, 3))
DAYS = st.integers(0, 40).map(lambda ahead: date(2026, 1, 1) + timedelta(days=ahead))


@st.composite
def promise(draw, number):
    first = draw(DAYS)
    last = draw(st.none() | DAYS.filter(lambda day: day >= first))
    return Promise(number, first, last)


@st.composite
def several(draw):
    return [draw(promise(number)) for number in range(draw(st.integers(0, 6)))]


def test_one_term_holds_from_its_first_day_to_its_last():
    assert reigns([BASE]) == [BASE]


def test_an_addendum_takes_over_on_its_day_and_not_before():
    change = Promise(2, date(2026, 3, 2), date(2026, 12, 31), (0,))

    found = reigns([change, BASE])

    assert [(each.term_id, each.first, each.last) for each in found] == [
        (1, date(2026, 1, 1), date(2026, 3, 1)),
        (2, date(2026, 3, 2), date(2026, 12, 31)),
    ]


def test_after_a_change_for_some_weeks_the_older_term_holds_again():
    change = Promise(2, date(2026, 3, 2), date(2026, 3, 31), (0,))

    found = reigns([BASE, change])

    assert [each.term_id for each in found] == [1, 2, 1]
    assert found[-1].first == date(2026, 4, 1)


def test_of_two_terms_from_one_day_the_later_written_holds():
    other = Promise(2, BASE.first, BASE.last, (4,))

    assert reigns([other, BASE]) == [other]


def test_a_term_that_ended_before_it_began_never_holds():
    assert reigns([Promise(1, date(2026, 3, 2), date(2026, 3, 1))]) == []


def test_a_gap_between_two_terms_stays_a_gap():
    later = Promise(2, date(2027, 2, 1), None)

    assert holding([BASE, later], date(2027, 1, 15)) is None
    assert holding([BASE, later], date(2027, 2, 1)) == later


@given(several())
def test_on_every_day_one_term_holds_and_it_is_the_one_that_began_last(known):
    found = reigns(known)

    for ahead in range(45):
        on = date(2026, 1, 1) + timedelta(days=ahead)
        holders = [each.term_id for each in found if each.covers(on)]
        covering = sorted((each.first, each.term_id) for each in known if each.covers(on))
        assert holders == [pk for _first, pk in covering[-1:]]


def test_no_end_is_later_than_any_end():
    assert earlier(None, date(2026, 1, 1)) == date(2026, 1, 1)
    assert earlier(None, None) is None
