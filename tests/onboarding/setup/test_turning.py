"""No two things have one number or letter on any day to come."""

from datetime import date

import pytest

from onboarding.setup.arranging.turning import Clash, Turn, clash

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
STANDING = {1: "1", 2: "2", 3: "3"}


@pytest.mark.parametrize(
    ("turns", "found"),
    [
        ([], None),
        ([Turn(JUNE, 1, "9")], None),
        ([Turn(JUNE, 1, "2")], Clash("2", JUNE)),
        ([Turn(JUNE, 1, "2"), Turn(JUNE, 2, "1")], None),
        ([Turn(JUNE, 1, "2"), Turn(JULY, 2, "1")], Clash("2", JUNE)),
        ([Turn(JUNE, 2, "9"), Turn(JULY, 1, "2")], None),
        ([Turn(JULY, 1, "2"), Turn(JUNE, 2, "9"), Turn(JULY, 2, "2")], Clash("2", JULY)),
        ([Turn(JUNE, 1, "9"), Turn(JUNE, 2, "9")], Clash("9", JUNE)),
        ([Turn(JUNE, 99, "2")], None),
    ],
)
def test_a_label_names_one_on_every_day(turns, found):
    assert clash(STANDING, turns) == found


def test_two_that_have_one_label_now_are_found_first():
    assert clash({1: "1", 2: "1"}, [Turn(JUNE, 1, "2")]) == Clash("1", None)
