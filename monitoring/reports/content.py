"""The content of a mall's report: everything that any rendering of it says. It only reads.

It is Indonesian, whoever reads it: what was sent to the ministry has one wording. It names the day
as of which it was written, because complaints are answered and deadlines pass after their month.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import override

from agencies import opening
from agencies.models import Mall
from monitoring import definitions, figures
from monitoring.definitions import BY_KEY, OUTCOMES
from monitoring.models import Day, Kind
from monitoring.periods import Period
from monitoring.reports import findings, sections
from monitoring.reports.tables import Stored, Table, frozen
from monitoring.states import Stage

SCHEMA = 1  # rises with every change of the form of a content

Tell = Callable[[Stage], None]


class Assembled(NamedTuple):
    """A content ready to be frozen, and the days it was made of with their digests."""

    content: Stored
    sources: dict[str, str]


def silent(stage: Stage) -> None:
    """Nobody waits for this one."""


@override("id")
def of_mall(
    mall: Mall, kind: Kind, period: Period, *, now: datetime, tell: Tell = silent
) -> Assembled:
    """A mall in a period, as of the local day of a moment; `tell` hears how far it has come."""
    tell(Stage.FIGURES)
    # Before the figures: what changes while they are read is seen as changed.
    sources = digests(mall, period)
    picture = figures.of_mall(mall, period, now=now)
    source = sections.source_of(mall, period, picture)
    tell(Stage.TABLES)
    tables = sections.of(source)
    tell(Stage.FINDINGS)
    on = opening.local_date(now, mall.zone)
    by_key = {table.key: table for table in tables}
    content = {
        **head(kind, period, on),
        "mall": place_of(mall),
        "counted": _counted(picture.days, picture.until),
        "summary": findings.summary(by_key),
        "tables": [frozen(table) for table in tables],
        "findings": findings.findings(mall, by_key, account=picture.account, on=on),
        "definitions": meanings(tables),
    }
    return Assembled(content, sources)


def digests(mall: Mall, period: Period) -> dict[str, str]:
    """The closed days of a period with the marks of what was counted on them."""
    days = Day.objects.filter(
        mall=mall, date__range=(period.first, period.last), is_closed=True
    ).order_by("date")
    return {on.isoformat(): digest for on, digest in days.values_list("date", "digest")}


def meanings(tables: Iterable[Table]) -> Stored:
    """What every figure of these tables means, in the words that held when it was built."""
    used = {key for table in tables for key in table.figures}
    used |= set(OUTCOMES) & {row.key for table in tables for row in table.rows}
    return {
        "version": definitions.VERSION,
        "fewest": definitions.FEWEST,
        "figures": [
            {
                "key": key,
                "title": str(figure.title),
                "unit": figure.unit.value,
                "meaning": str(figure.meaning),
            }
            for key, figure in BY_KEY.items()
            if key in used
        ],
    }


def head(kind: Kind, period: Period, on: date) -> Stored:
    """What every content begins with, also that of the ministry's recap."""
    return {
        "schema": SCHEMA,
        "kind": kind.value,
        "title": str(kind.label),
        "period": {
            "code": period.code,
            "name": str(period),
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        },
        "as_of": on.isoformat(),
    }


def place_of(mall: Mall) -> Stored:
    """What a report says of its mall."""
    region = mall.region
    return {
        "slug": mall.slug,
        "name": mall.name,
        "short_name": mall.short_name,
        "organiser": mall.organiser,
        "address": ", ".join(filter(None, [mall.place_name, mall.address])),
        "region": {"code": region.code, "name": region.name, "province": region.province},
        "zone": region.zone,
    }


def _counted(days: int, until: date | None) -> Stored:
    return {"days": days, "until": until.isoformat() if until else None}
