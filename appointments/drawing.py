"""How places are drawn: pure functions that anyone can compute again from what is published.

Before anybody applies, a random seed is chosen and its SHA-256 published. When the applications
are closed, the seed is mixed with the list of them, so that whoever knows the seed cannot know the
order before the last one has applied. The lowest SHA-256 of "mixed seed:number" comes first.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appointments.states import Share


@dataclass(frozen=True)
class Entry:
    """An application as it is published: who is behind the number is said nowhere."""

    number: int
    is_priority: bool
    wishes: tuple[int, ...]  # when the windows begin that suit, earliest first


@dataclass(frozen=True)
class Places:
    """What is drawn for in one window."""

    begins: int
    priority: int
    online: int


@dataclass(frozen=True)
class Outcome:
    """What the draw gave to one application; without a place `begins` and `share` are None."""

    number: int
    rank: int
    begins: int | None = None
    share: Share | None = None


def commitment(seed: str) -> str:
    """What is published of a seed before it may be known."""
    return _sha256(seed)


def digest(entries: Iterable[Entry]) -> str:
    """The fingerprint of the list of applications."""
    listed = sorted(entries, key=lambda entry: entry.number)
    return _sha256(json.dumps([[e.number, e.is_priority, list(e.wishes)] for e in listed]))


def order(seed: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries in the order that the seed and the list of them give."""
    listed = list(entries)
    mixed = _sha256(f"{seed}:{digest(listed)}")
    return sorted(listed, key=lambda entry: _sha256(f"{mixed}:{entry.number}"))


def draw(seed: str, entries: Iterable[Entry], places: Sequence[Places]) -> list[Outcome]:
    """Give the places away, and say what each entry got, in the order of the draw.

    Priority people first share out the places kept for them; then everybody without a place, the
    rest of them included, shares out the others. Each gets the earliest window wished for that has
    a place left.
    """
    drawn = order(seed, entries)
    left = {Share.PRIORITY: _left(places, "priority"), Share.ONLINE: _left(places, "online")}
    got: dict[int, tuple[int, Share]] = {}
    for share in (Share.PRIORITY, Share.ONLINE):
        for entry in drawn:
            if entry.number in got or (share == Share.PRIORITY and not entry.is_priority):
                continue
            begins = next((wish for wish in entry.wishes if left[share].get(wish)), None)
            if begins is not None:
                left[share][begins] -= 1
                got[entry.number] = begins, share
    return [
        Outcome(entry.number, rank, *got.get(entry.number, (None, None)))
        for rank, entry in enumerate(drawn, start=1)
    ]


def _left(places: Iterable[Places], share: str) -> dict[int, int]:
    return {each.begins: getattr(each, share) for each in places}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
