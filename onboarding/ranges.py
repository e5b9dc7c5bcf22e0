"""Numbers of counters as people write them: "1–8, 12A"."""

import re
from collections.abc import Iterable
from itertools import groupby

from queueing.lines import by_number

MOST = 300  # counters in one text
NUMBER = re.compile(r"[1-9]\d{0,2}[A-Z]?")
SPAN = re.compile(r"([1-9]\d{0,2})\s*(?:-|–|s/d|sd|sampai)\s*([1-9]\d{0,2})", re.IGNORECASE)


class NotNumbers(ValueError):
    """The text names no counters; the argument is the part that could not be read."""


def parse(text: str) -> list[str]:
    """The numbers that a text names, each once, in its order. Raises NotNumbers."""
    found: dict[str, None] = {}
    for part in re.split(r"[,;\n]", text):
        if part.strip():
            found |= dict.fromkeys(_numbers(part.strip().upper()))
        if len(found) > MOST:
            raise NotNumbers(part.strip())
    return list(found)


def _numbers(part: str) -> Iterable[str]:
    if NUMBER.fullmatch(part):
        return [part]
    span = SPAN.fullmatch(part)
    if span is None or int(span[1]) > int(span[2]):
        raise NotNumbers(part)
    return [str(number) for number in range(int(span[1]), int(span[2]) + 1)]


def write(numbers: Iterable[str]) -> str:
    """The same numbers in order, those in a row as a span."""
    ordered = sorted(set(numbers), key=by_number)
    plain = [int(each) for each in ordered if each.isdigit()]
    runs = groupby(enumerate(plain), lambda pair: pair[1] - pair[0])
    spans = {run[0]: run for run in ([each for _place, each in run] for _key, run in runs)}
    parts = []
    for each in ordered:
        if not each.isdigit():
            parts.append(each)
        elif int(each) in spans:
            parts += _said(spans[int(each)])
    return ", ".join(parts)


def _said(run: list[int]) -> list[str]:
    return [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(each) for each in run]
