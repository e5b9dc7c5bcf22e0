"""How a new mall is called: its short name, and the part of its addresses that nobody else has."""

from collections.abc import Collection
from itertools import count

from django.utils.text import slugify

from agencies.models import Mall

SHORT = Mall.short_name.field.max_length or 0
SLUG = Mall.slug.field.max_length or 0


def short(name: str) -> str:
    """A name short enough for boards and lists, without cutting a word in two."""
    wanted = name.strip() if len(name.strip()) <= SHORT else name.replace("Kabupaten", "Kab.")
    words = wanted.split()
    while len(" ".join(words)) > SHORT:
        words.pop()
    return " ".join(words) or wanted[:SHORT]


def slug(name: str, taken: Collection[str]) -> str:
    """The name as a part of an address; a number tells it from those that are taken."""
    stem = slugify(name)[: SLUG - 4].strip("-") or "mal"
    tries = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(each for each in tries if each not in taken)
