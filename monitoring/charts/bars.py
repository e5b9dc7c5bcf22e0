"""Bars that lie below each other and share one scale."""

from collections.abc import Sequence
from typing import NamedTuple

from monitoring.charts.scales import share


class Bar(NamedTuple):
    """A word, what it is worth in words, and how long its bar is."""

    label: str
    text: str
    width: str


def drawn(rows: Sequence[tuple[str, str, float]], *, whole: float) -> list[Bar]:
    """Bars for words with their text and value; the whole would fill the width."""
    return [Bar(label, text, share(value / whole)) for label, text, value in rows]
