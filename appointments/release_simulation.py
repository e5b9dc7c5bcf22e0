"""What each way of sharing places out gives to a person, and to a machine that asks 100 times.

Some of those who want a place send a hundred requests where the others send one; they are people
with a NIK of their own all the same, so none of them gets two places. The draw is the one of
drawing.py. Pure and seeded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from appointments import drawing
from appointments.drawing import Entry, Places

BACK_WITHIN = 12 * 60  # minutes: a place that was given up comes back some time in them


@dataclass(frozen=True)
class Crowd:
    """Who wants a place: so many of the applicants let a machine ask for them."""

    applicants: int = 10_000
    places: int = 1_000
    by_machine: int = 1_000
    requests: int = 100  # of a machine, for one of a person


@dataclass(frozen=True)
class Share:
    """What part of each kind of people got a place."""

    machine: Decimal
    person: Decimal

    @property
    def advantage(self) -> Decimal:
        """How many times the chance of a person the machine bought; 1 is fair."""
        return (self.machine / self.person).quantize(Decimal("0.001"))


def first_come(crowd: Crowd, chance: Random) -> set[int]:
    """The places go to the earliest requests; a machine's earliest of a hundred counts."""

    def earliest(number: int) -> float:
        tries = crowd.requests if number <= crowd.by_machine else 1
        # The smallest of n uniform moments, drawn at once.
        return float(1 - chance.random() ** (1 / tries))

    ranked = sorted(range(1, crowd.applicants + 1), key=earliest)
    return set(ranked[: crowd.places])


def draw(crowd: Crowd, chance: Random) -> set[int]:
    """The places are drawn; a hundred requests of one person are one application."""
    entries = [Entry(number, False, (0,)) for number in range(1, crowd.applicants + 1)]
    seed = f"{chance.getrandbits(256):064x}"
    outcomes = drawing.draw(seed, entries, [Places(0, 0, crowd.places)])
    return {each.number for each in outcomes if each.begins is not None}


MODES: dict[str, Callable[[Crowd, Random], set[int]]] = {"first come": first_come, "draw": draw}


def play(mode: str, crowd: Crowd, *, seeds: int) -> Share:
    """The share of places per person over so many runs."""
    machine = person = 0
    for seed in range(seeds):
        # A simulation must be repeatable.
        got = MODES[mode](crowd, Random(f"{mode} {seed}"))  # noqa: S311
        by_machine = sum(number <= crowd.by_machine for number in got)
        machine, person = machine + by_machine, person + len(got) - by_machine
    people = crowd.applicants - crowd.by_machine
    return Share(Decimal(machine) / (crowd.by_machine * seeds), Decimal(person) / (people * seeds))


def handed_on(*, at_random: bool, rivals: int, seeds: int) -> Decimal:
    """How often a seller who cancels gets the place to the buyer who stands ready.

    The buyer asks every second of the minute in which the seller cancels; each of the rivals looks
    once in the time in which the place can come back.
    """
    sold = 0
    for seed in range(seeds):
        chance = Random(f"handed on {seed}")  # noqa: S311
        if not at_random:
            sold += 1  # the buyer's next request, less than a second later
            continue
        back = chance.random() * BACK_WITHIN
        looks = (chance.random() * BACK_WITHIN for _rival in range(rivals))
        # Whoever looks first after it came back has it; the buyer cannot stand ready for hours.
        first = min((look for look in looks if look >= back), default=None)
        buyer = chance.random() * BACK_WITHIN
        sold += buyer >= back and (first is None or buyer < first)
    return (Decimal(sold) / seeds).quantize(Decimal("0.001"))
