import pytest

from onboarding import ranges


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1–3, 12A", ["1", "2", "3", "12A"]),
        ("5-7;9", ["5", "6", "7", "9"]),
        ("1 s/d 2, 2", ["1", "2"]),
        ("3 sampai 4\n7a", ["3", "4", "7A"]),
        (" , ", []),
    ],
)
def test_numbers_are_read_as_people_write_them(text, numbers):
    assert ranges.parse(text) == numbers


@pytest.mark.parametrize("text", ["0", "8-1", "satu", "1-999999", "1--2", "A1", "1-999, 1A-2"])
def test_what_names_no_counters_is_not_guessed(text):
    with pytest.raises(ranges.NotNumbers):
        ranges.parse(text)


def test_numbers_in_a_row_are_written_as_a_span():
    assert ranges.write(["10", "2", "1", "3", "12A", "11"]) == "1–3, 10, 11, 12A"
