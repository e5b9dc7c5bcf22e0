"""NIK and phone numbers: how they are read, checked and shown; pure."""

import re
from datetime import date

# Provinces by the first two digits, those of the past included: a NIK keeps its first code.
# Source: Kemendagri codes; 64 also stands for today's 65, 91 for today's 92 to 96.
PROVINCES = frozenset(
    {*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77)}
    | {81, 82, *range(91, 97)}
)
FEMALE = 40  # is added to the day of birth
MOBILE = re.compile(r"8\d{8,11}")
SHOWN = 4  # last digits that a mask leaves


def nik(text: str) -> str | None:
    """The sixteen digits of a NIK, or None when it cannot be one.

    PPKKCC DDMMYY SSSS. Only the form can be checked, there is no check digit: province, a day
    that exists in this or the last century, and a serial number from 1. Source: Perpres 96/2018.
    """
    digits = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9]{16}", digits) or int(digits[:2]) not in PROVINCES:
        return None
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    day -= FEMALE if day > FEMALE else 0
    exists = any(_is_day(century + year, month, day) for century in (1900, 2000))
    return digits if exists and int(digits[12:]) > 0 else None


def phone(text: str) -> str | None:
    """A mobile number as +628…, or None. Accepts 08…, 628…, +62 8…, also with signs between."""
    digits = re.sub(r"[\s.\-()]", "", text)
    for prefix in ("+620", "620", "+62", "62", "0"):
        if digits.startswith(prefix):
            digits = digits.removeprefix(prefix)
            break
    return f"+62{digits}" if MOBILE.fullmatch(digits) and digits.isascii() else None


def masked(text: str) -> str:
    """Only the last four signs of a number: "••••••••0002"."""
    return "•" * max(0, len(text) - SHOWN) + text[-SHOWN:]


def masked_name(name: str) -> str:
    """The first letter of each word: "S••• A••••"."""
    return " ".join(word[0] + "•" * (len(word) - 1) for word in name.split())


def masked_email(address: str) -> str:
    """The first letters of both halves and the ending: "s•••@c•••.id"."""
    local, _at, domain = address.rpartition("@")
    name, _dot, ending = domain.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••.{ending}" if address else ""


def short_name(name: str) -> str:
    """The first name and the first letter of the last, "Siti A."; of a single name its letter."""
    words = name.split()
    if len(words) < 2:
        return f"{name[:1]}." if name else ""
    return f"{words[0]} {words[-1][0]}."


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
