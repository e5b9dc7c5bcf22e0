"""What is not shown to whoever watches from outside: groups so small that people would be known.

The one address of the rule. A group of 1 to FEWEST - 1 people is hidden; and where a sum stands
beside its parts, so many other parts that what is hidden cannot be worked out from it.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from django.utils.translation import gettext as _

from monitoring.account import Account, Figure, Unit, Value
from monitoring.definitions import QUICK

Key = TypeVar("Key", bound=Hashable)
# Counts of something else than people; so is every share of what agencies promised.
OF_NO_PEOPLE = {
    *("service_days", "closures", "alarms", "closed_minutes"),
    *("attended_share", "counters_share", "hours_share", "staff_share"),
}
# A share gives away a count: that of its part, and that of the rest.
PARTS = {
    "absent_share": ("absent", "called"),
    "within_share": ("within", "served"),
    "complete_share": ("complete", "served"),
}
# A count beside another one gives away the people between them.
RESTS = {
    "visits": (("issued", "visits"),),
    "called": (("issued", "called"), ("called", "served")),
    "served": (("issued", "served"),),
}
OF_WAITS = {"wait_p10", "wait_median", "wait_p90", "wait_mean", "wait_quick"}
OF_SERVICES = {"service_median", "service_p90"}


class Shown(NamedTuple):
    """A value as somebody may see it; hidden ones have a text only."""

    value: Value
    text: str


def is_small(count: int, fewest: int) -> bool:
    """Whether so many people are too few to be shown; nobody at all is nobody known."""
    return 0 < count < fewest


def hidden(counts: Mapping[Key, int], fewest: int, known: Collection[Key] = ()) -> set[Key]:
    """The parts of a sum that are hidden: the small ones, and the next smallest until nobody can
    work them out from the sum, which needs two of them and as many people as are shown elsewhere.

    `known` are parts that are hidden for the sake of another sum.
    """
    found = {key for key, count in counts.items() if key in known or is_small(count, fewest)}
    rest = sorted(
        (count, at)
        for at, (key, count) in enumerate(counts.items())
        if count >= fewest and key not in found
    )
    keys = [*counts]
    while found and rest and (len(found) < 2 or sum(counts[key] for key in found) < fewest):
        found.add(keys[rest.pop(0)[1]])
    return found


def hidden_in_all(
    counts: Mapping[Key, int], lines: Callable[[Key], Iterable[Hashable]], fewest: int
) -> set[Key]:
    """The same for parts that stand in several sums at once, which are named by `lines`."""
    sums: dict[Hashable, dict[Key, int]] = {}
    for key, count in counts.items():
        for line in lines(key):
            sums.setdefault(line, {})[key] = count
    found: set[Key] = set()
    while True:
        more = {key for parts in sums.values() for key in hidden(parts, fewest, found)} | found
        if more == found:
            return found
        found = more


def shown(figure: Figure, account: Account, fewest: int, *, is_hidden: bool = False) -> Shown:
    """A figure of a group as somebody may see it; is_hidden: other parts of its sum demand it."""
    value = figure.of(account)
    if not fewest or value is None or not is_of_people(figure):
        return Shown(value, figure.written(value))
    if figure.unit == Unit.COUNT and is_small(int(value), fewest):
        return few(fewest)
    if is_hidden or _gives_away(figure.key, account, fewest):
        return withheld()
    return Shown(value, figure.written(value))


def beside(figure: Figure, account: Account, fewest: int, *, is_hidden: bool = False) -> Shown:
    """The same where all the counts of a group stand in one row: few people between two of them
    are not told either.
    """
    counts = account.tally.counts
    pairs = RESTS.get(figure.key, ())
    tells = any(is_small(getattr(counts, a) - getattr(counts, b), fewest) for a, b in pairs)
    return shown(figure, account, fewest, is_hidden=is_hidden or tells)


def wait(figure: Figure, account: Account, fewest: int) -> Value:
    """A wait to be drawn, where no word is needed; None where it is not shown, or not known."""
    return None if _gives_away(figure.key, account, fewest) else figure.of(account)


def is_of_people(figure: Figure) -> bool:
    """Whether a figure counts or measures visitors, so that a small one would name them."""
    return figure.key not in OF_NO_PEOPLE


def few(fewest: int) -> Shown:
    """What stands in place of a small count."""
    return Shown(None, f"<{fewest}")


def withheld() -> Shown:
    """What stands in place of a figure that would give a small one away."""
    return Shown(None, masked())


def masked() -> str:
    """The word for it."""
    return _("disamarkan")


def _gives_away(key: str, account: Account, fewest: int) -> bool:
    waits, services = account.tally.waits, account.tally.services
    if key in OF_WAITS and is_small(waits.count, fewest):
        return True
    if key in OF_SERVICES and is_small(services.count, fewest):
        return True
    if key == "wait_quick":
        part, whole = waits.within(QUICK), waits.count
    elif key in PARTS:
        part, whole = (getattr(account.tally.counts, name) for name in PARTS[key])
    else:
        return False
    return is_small(part, fewest) or is_small(whole - part, fewest)
