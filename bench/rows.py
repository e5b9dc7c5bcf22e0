"""The lines of the table that a run prints."""

from dataclasses import dataclass


@dataclass
class Row:
    """One line of the table: our figure, the limit of the same run, their ratio and the goal."""

    id: str
    what: str
    ours: str
    limit: str
    ratio: float | None
    goal: str
    met: bool | None


def table(rows: list[Row]) -> str:
    """The rows as a table for people and for docs/performance.md."""
    lines = [
        "| row | what | ours | limit in this run | ratio | goal | met |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        met = {True: "yes", False: "no", None: ""}[row.met]
        ratio = "" if row.ratio is None else row.ratio
        lines.append(
            f"| {row.id} | {row.what} | {row.ours} | {row.limit} | {ratio} | {row.goal} | {met} |"
        )
    return "\n".join(lines) + "\n"
