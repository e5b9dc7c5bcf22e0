"""The calling rule as a pure function: whatever the line, nobody starves and nobody is jumped."""

from datetime import timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from queueing.calling import (
    TICK,
    Line,
    Waiting,
    choose,
    next_streak,
    order,
    place_behind,
    prove,
    sequence,
)
from queueing.states import Rule
from tests.recipes import at

ratios = st.integers(1, 9)


@st.composite
def people(draw, *, days=1, most=14):
    """A line: arrivals may share their moment, so that only the id tells them apart."""
    found = draw(
        st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.integers(1, days)), max_size=most)
    )
    return [
        Waiting(id_, day_id, is_priority, at(9) + timedelta(minutes=minute))
        for id_, (minute, is_priority, day_id) in enumerate(found, start=1)
    ]


def waiting(*classes):
    """A line of one queue by letters: p for priority, r for regular, in order of arrival."""
    return [
        Waiting(id_, 1, letter == "p", at(9) + timedelta(minutes=id_))
        for id_, letter in enumerate("".join(classes), start=1)
    ]


def called_by_choose(line, streak, ratio):
    """Call everybody, one after the other, by the rule itself."""
    left, called = list(line), []
    while choice := choose(left, {1: Line(streak)}, ratio=ratio):
        called.append(choice)
        streak = next_streak(streak, is_priority=choice.is_priority, ratio=ratio)
        left = [person for person in left if person.id != choice.ticket_id]
    return called


def test_two_priority_people_go_before_each_regular_one():
    called = called_by_choose(waiting("rrrpppp"), 0, 2)

    assert [choice.ticket_id for choice in called] == [4, 5, 1, 6, 7, 2, 3]


def test_nobody_waiting_is_nobody_called():
    assert choose([], {}, ratio=2) is None


@given(people(), st.integers(0, 9), ratios)
def test_everybody_is_called_once_first_come_first_served_in_their_class(line, streak, ratio):
    called = [choice.ticket_id for choice in called_by_choose(line, min(streak, ratio), ratio)]

    for is_priority in (True, False):
        group = sorted((p for p in line if p.is_priority is is_priority), key=lambda p: p.place)
        ids = {person.id for person in group}
        assert [id_ for id_ in called if id_ in ids] == [person.id for person in group]


@given(people(), st.integers(0, 9), ratios)
def test_a_regular_person_is_overtaken_by_later_ones_at_most_ratio_times_their_rank(
    line, streak, ratio
):
    called = [choice.ticket_id for choice in called_by_choose(line, min(streak, ratio), ratio)]

    by_id = {person.id: person for person in line}
    regulars = sorted((p for p in line if not p.is_priority), key=lambda p: p.place)
    for rank, person in enumerate(regulars, start=1):
        before = called[: called.index(person.id)]
        overtakes = [id_ for id_ in before if by_id[id_].place > person.place]
        assert len(overtakes) <= ratio * rank


@given(st.lists(st.booleans(), min_size=1, max_size=30), ratios)
def test_an_endless_stream_of_priority_people_starves_nobody(arrivals, ratio):
    """Before every call one more priority person comes; the regulars are called all the same."""
    line = waiting("r" * len(arrivals))
    streak, calls = 0, 0
    while any(not person.is_priority for person in line):
        line.append(Waiting(1000 + calls, 1, True, at(10) + timedelta(minutes=calls)))
        choice = choose(line, {1: Line(streak)}, ratio=ratio)
        streak = next_streak(streak, is_priority=choice.is_priority, ratio=ratio)
        line = [person for person in line if person.id != choice.ticket_id]
        calls += 1

    assert calls == (ratio + 1) * len(arrivals)


@given(people(days=3), st.randoms(), st.dictionaries(st.integers(1, 3), st.integers(0, 9)), ratios)
def test_the_order_of_the_input_does_not_matter(line, random, ranks, ratio):
    lines = {day: Line(min(day, ratio), ranks.get(day)) for day in (1, 2, 3)}
    shuffled = random.sample(line, len(line))

    assert choose(shuffled, lines, ratio=ratio) == choose(line, lines, ratio=ratio)


def test_every_permutation_of_five_is_called_in_one_order():
    line = waiting("rprpp")
    orders = {tuple(order(each, streak=0, ratio=2)) for each in permutations(line)}

    assert orders == {(2, 4, 1, 5, 3)}


@given(people(), st.integers(0, 9), ratios)
def test_the_order_told_is_the_order_called(line, streak, ratio):
    streak = min(streak, ratio)
    called = [choice.ticket_id for choice in called_by_choose(line, streak, ratio)]

    assert order(line, streak=streak, ratio=ratio) == called
    assert sequence(line, {1: Line(streak)}, ratio=ratio, most=100) == called
    assert sequence(line, {1: Line(streak)}, ratio=ratio, most=3) == called[:3]


@given(people(days=3), ratios)
def test_without_an_order_of_its_own_a_counter_takes_the_head_that_waited_longest(line, ratio):
    lines = {day: Line(day % (ratio + 1)) for day in (1, 2, 3)}
    choice = choose(line, lines, ratio=ratio)
    if choice is None:
        assert line == []
        return

    heads = []
    for day, own in lines.items():
        of_day = [person for person in line if person.day_id == day]
        if head := choose(of_day, {day: own}, ratio=ratio):
            heads.append(next(p for p in line if p.id == head.ticket_id))
    assert choice.ticket_id == min(heads, key=lambda person: person.place).id
    assert choice.rule != Rule.COUNTER_ORDER


def test_a_counter_with_an_order_of_its_own_follows_it():
    line = [Waiting(1, 1, False, at(9)), Waiting(2, 2, False, at(9, 5))]
    choice = choose(line, {1: Line(0, rank=2), 2: Line(0, rank=1)}, ratio=2)

    assert (choice.ticket_id, choice.rule) == (2, Rule.COUNTER_ORDER)
    assert (choice.rank, choice.passed, choice.passed_elsewhere) == (1, 0, 1)


@given(people(days=2), ratios)
def test_a_proof_counts_who_came_earlier(line, ratio):
    for person in line:
        proof = prove(person.id, Rule.OUT_OF_ORDER, line)
        earlier = [other for other in line if other.place < person.place]
        own = [other for other in earlier if other.day_id == person.day_id]
        assert (proof.rank, proof.passed) == (len(own) + 1, len(own))
        assert proof.passed_elsewhere == len(earlier) - len(own)


@given(people(most=8), st.integers(0, 5))
@settings(max_examples=50)
def test_who_comes_back_stands_behind_that_many_and_before_the_next(line, behind):
    since = place_behind(line, behind=behind + 1, now=at(9, 30))
    in_front = [person for person in line if person.since < since]

    assert len(in_front) >= min(behind + 1, len(line))
    places = sorted(person.since for person in line)
    if len(line) > behind:
        assert since == places[behind] + TICK


@given(st.integers(0, 9), st.booleans(), ratios)
def test_the_streak_stays_within_the_ratio(streak, is_priority, ratio):
    assert 0 <= next_streak(streak, is_priority=is_priority, ratio=ratio) <= ratio
