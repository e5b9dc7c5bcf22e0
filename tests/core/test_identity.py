import pytest

from core import identity


@pytest.mark.parametrize(
    "text",
    [
        "3216010903900002",
        "3216 0149 0390 0002",  # a woman: 40 more in the day
        "32.16.01.4903900002",
        "6501012902000001",  # Kaltara, and a leap day of 2000
        "9101010101500001",  # a code from before 2022
    ],
)
def test_a_nik_is_sixteen_digits_of_a_province_and_a_day(text):
    assert identity.nik(text) == "".join(sign for sign in text if sign.isdigit())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "321601090390000",
        "32160109039000021",
        "0016010903900002",
        "9916010903900002",
        "3216013204900002",  # no 32nd day
        "3216017203900002",  # nor a 72nd
        "3216013102900002",  # no 31st of February
        "3216010913900002",
        "3216010903900000",
        "٣٢١٦٠١٠٩٠٣٩٠٠٠٠٢",
        "abcdefghijklmnop",
    ],
)
def test_what_cannot_be_a_nik_is_none(text):
    assert identity.nik(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "081234567890",
        "6281234567890",
        "+62 812-3456-7890",
        "+62 0812 3456 7890",
        "(0812) 3456.7890",
        "81234567890",
    ],
)
def test_a_mobile_number_is_read_as_people_write_it(text):
    assert identity.phone(text) == "+6281234567890"


@pytest.mark.parametrize(
    "text", ["", "0215551234", "08123", "0812345678901234", "+1 202 555 0100", "٠٨١٢٣٤٥٦٧٨٩٠"]
)
def test_what_is_no_mobile_number_is_none(text):
    assert identity.phone(text) is None


def test_a_mask_leaves_four_signs():
    assert identity.masked("3216014903900002") == "••••••••••••0002"
    assert identity.masked("12") == "12"
    assert identity.masked("") == ""


def test_a_masked_name_keeps_its_first_letters():
    assert identity.masked_name("Siti Aminah") == "S••• A•••••"
    assert identity.masked_name("") == ""
