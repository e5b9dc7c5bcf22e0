from datetime import timedelta
from uuid import uuid4

import pytest

from core.idempotency import KeyReused
from hall.models import HallEvent
from onboarding.models import CoachNote
from onboarding.path import coaching
from onboarding.states import Stage
from tests.onboarding.path.recipes import NOON, coach, mall_at, somebody
from tests.recipes import MONDAY

pytestmark = pytest.mark.django_db
TOMORROW = MONDAY + timedelta(days=1)
YESTERDAY = MONDAY - timedelta(days=1)


@pytest.fixture
def mall():
    return mall_at(Stage.PREPARATION)


def leave(mall, text="Papan nama kurang", **what):
    known = {"visited_on": MONDAY, "due": None, "task": None, "key": uuid4(), "now": NOON}
    return coaching.leave(mall, text, **(known | {"by": coach()} | what))


def answer(note, text="Sudah dipasang"):
    coaching.answer(note, text, by=somebody(mall=note.mall), now=NOON)
    note.refresh_from_db()
    return note


def ask_again(note, text="Masih kurang", due=None):
    return coaching.ask_again(note, text, due=due, by=coach(), now=NOON)


def test_a_note_is_left_answered_and_closed(mall):
    note = answer(leave(mall))

    coaching.close(note, by=coach(), now=NOON)

    note.refresh_from_db()
    assert (note.answer, note.answered_at, note.closed_at) == ("Sudah dipasang", NOON, NOON)
    acts = HallEvent.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["coaching.left", "coaching.answered", "coaching.closed"]


def test_a_double_tap_leaves_one_note(mall):
    once = {"key": uuid4(), "by": coach()}

    assert leave(mall, **once) == leave(mall, **once)

    with pytest.raises(KeyReused):
        leave(mall, "Lain", **once)
    assert CoachNote.objects.count() == 1


def test_asking_again_keeps_the_first_answer(mall):
    first = answer(leave(mall))

    again = ask_again(first, due=TOMORROW)

    first.refresh_from_db()
    assert (first.answer, first.closed_at) == ("Sudah dipasang", NOON)
    assert (again.follows, again.answer, again.due) == (first, "", TOMORROW)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nobody_says_nothing(mall, text):
    note = leave(mall)

    with pytest.raises(coaching.TextMissing):
        leave(mall, text)
    with pytest.raises(coaching.TextMissing):
        answer(note, text)
    with pytest.raises(coaching.TextMissing):
        ask_again(note, text)


def test_days_are_in_order(mall):
    with pytest.raises(coaching.WrongDay, match="belum tiba"):
        leave(mall, visited_on=TOMORROW)
    with pytest.raises(coaching.WrongDay, match="Tenggat"):
        leave(mall, due=YESTERDAY)
    with pytest.raises(coaching.WrongDay, match="Tenggat"):
        ask_again(answer(leave(mall)), due=YESTERDAY)


def test_an_answer_is_not_overwritten(mall):
    note = answer(leave(mall))

    with pytest.raises(coaching.AnsweredAlready):
        answer(note, "Lain")


def test_a_coach_asks_again_after_an_answer_only(mall):
    with pytest.raises(coaching.NotAnswered):
        ask_again(leave(mall))


def test_a_closed_note_is_left_alone(mall):
    note = answer(leave(mall))
    coaching.close(note, by=coach(), now=NOON)

    for act in (answer, ask_again, lambda each: coaching.close(each, by=coach(), now=NOON)):
        with pytest.raises(coaching.ClosedAlready):
            act(note)


def test_open_notes_come_first_and_the_latest_visit_on_top(mall):
    closed, older, newer = leave(mall), leave(mall, visited_on=YESTERDAY), leave(mall)
    coaching.close(closed, by=coach(), now=NOON)

    rows = coaching.rows(CoachNote.objects.all(), on=MONDAY)

    assert [row.note for row in rows] == [newer, older, closed]


def test_a_note_is_late_while_the_mall_has_not_answered(mall):
    note = leave(mall, visited_on=YESTERDAY, due=YESTERDAY)

    assert coaching.rows([note], on=MONDAY)[0].is_late
    assert not coaching.rows([note], on=YESTERDAY)[0].is_late
    assert not coaching.rows([answer(note)], on=MONDAY)[0].is_late
