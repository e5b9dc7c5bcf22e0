"""How the days of an agency are said."""

from datetime import date, timedelta

import pytest

from agencies import sentences
from agencies.opening import Attendance, Stay
from tests.recipes import MONDAY, attending


def moved(on):
    """Tuesday and Thursday, from a day on Monday."""
    eve = on - timedelta(days=1)
    before = (Stay(day, date.min, eve) for day in (1, 3))
    return Attendance((*before, Stay(0, on, None)))


def test_days_and_what_becomes_of_them():
    said = sentences.attended_days(moved(date(2026, 4, 6)), MONDAY)

    assert said == "Selasa, Kamis; mulai 6 April 2026: Senin"


def test_an_end_that_is_near_is_said():
    said = sentences.attended_days(attending(0, 1, until=date(2026, 4, 30)), MONDAY)

    assert said == "Senin, Selasa; mulai 1 Mei 2026: tidak hadir lagi"


@pytest.mark.parametrize(("ahead", "is_said"), [(90, True), (91, False)])
def test_what_is_far_ahead_is_not(ahead, is_said):
    said = sentences.attended_days(moved(MONDAY + timedelta(days=ahead)), MONDAY)

    assert (said != "Selasa, Kamis") == is_said


def test_who_comes_later_is_announced():
    said = sentences.attended_days(attending(4, since=date(2026, 4, 3)), MONDAY)

    assert said == "mulai 3 April 2026: Jumat"
