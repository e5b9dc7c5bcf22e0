"""Charts of a page with their tables: what is drawn and what stands below is the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from agencies.opening import Hours
from monitoring import privacy
from monitoring.account import Account, Unit, percent, written
from monitoring.charts import bars, distribution, heat, multiples
from monitoring.charts.bars import Bar
from monitoring.cubes import Hour
from monitoring.dashboards import findings, sheets
from monitoring.dashboards.sheets import Column, Entry, Row, Sheet
from monitoring.definitions import BY_KEY, OUTCOMES, QUICK
from monitoring.privacy import Shown
from monitoring.tallies import MARK, Tally

MARKS = ("wait_median", "wait_p90")
STAGES = ("issued", "called", "served")
POINTS = ("wait_p10", "wait_median", "wait_p90")
PANELS = 12  # small charts of one page; the table below has all
LIMIT = QUICK // 60  # minutes, beyond which a line is drawn as too high


class Waits(NamedTuple):
    """The distribution of waits."""

    title: str
    chart: distribution.Distribution
    sheet: Sheet


class Week(NamedTuple):
    """The hours of a week."""

    title: str
    chart: heat.Heat
    sheet: Sheet


class Outcomes(NamedTuple):
    """What became of the numbers."""

    title: str
    stages: list[Bar]
    losses: list[Bar]
    sheet: Sheet


@dataclass(frozen=True)
class Panel:
    """One of the small multiples."""

    name: str
    url: str
    text: str
    note: str
    label: str
    drawing: multiples.Drawing
    is_over: bool


class Multiples(NamedTuple):
    """All of them, on one scale."""

    title: str
    frame: multiples.Frame
    panels: list[Panel]
    first: str
    last: str
    sheet: Sheet


def waits(
    now: Account, was: Account, *, titles: tuple[str, str], ago: str, fewest: int
) -> Waits | None:
    """How long people waited, now and then; None where nobody was called who may be shown."""
    parts = now.tally.waits, was.tally.waits
    if parts[0].count < max(fewest, 1):
        return None
    last = distribution.last_mark([part for part in parts if part.count])
    known = [(title, each) for title, each in zip(titles, (now, was), strict=True) if each.tally]
    steps = [_steps_of(title, each, last, fewest) for title, each in known]
    marks = [(int(60 * (BY_KEY[key].of(now) or 0)), _marked(key, now)) for key in MARKS]
    drawn = distribution.drawn(*(each.shares for each in steps), marks=marks)
    sheet = _steps(steps, fewest)
    return Waits(findings.of_distribution(now, was, ago=ago, fewest=fewest), drawn, sheet)


class Steps(NamedTuple):
    """How many waited how long in a period, and what of it may be shown."""

    title: str
    counts: list[int]
    gone: set[int]
    tells_sum: bool  # whether all of them together may be known

    @property
    def shares(self) -> list[float]:
        """The part of all in each step that may be shown."""
        whole = sum(self.counts) or 1
        return [0 if at in self.gone else count / whole for at, count in enumerate(self.counts)]


def _steps_of(title: str, account: Account, last: int, fewest: int) -> Steps:
    counts = account.tally.waits.steps(MARK, last)
    gone = privacy.hidden(dict(enumerate(counts)), fewest)
    tells_sum = privacy.beside(BY_KEY["called"], account, fewest).value is not None
    return Steps(title, counts, gone, tells_sum)


def _marked(key: str, account: Account) -> str:
    words = {
        "wait_median": _("separuh: %(minutes)s"),
        "wait_p90": _("9 dari 10: %(minutes)s"),
    }
    figure = BY_KEY[key]
    return words[key] % {"minutes": figure.written(figure.of(account))}


def _steps(steps: Sequence[Steps], fewest: int) -> Sheet:
    size = len(steps[0].counts)
    rows = [
        Row(_step_name(at, size), [cell for each in steps for cell in _step(each, at, fewest)])
        for at in range(size)
    ]
    columns = [
        column
        for title in (each.title for each in steps)
        for column in (Column(title), Column(_("%(period)s, bagian") % {"period": title}, unit="%"))
    ]
    return Sheet("tunggu", _("Lama menunggu"), _("Menit menunggu"), columns, rows)


def _step(steps: Steps, at: int, fewest: int) -> list[Shown]:
    count, share = steps.counts[at], percent(steps.counts[at], sum(steps.counts))
    if at in steps.gone:
        few = privacy.is_small(count, fewest)
        return [privacy.few(fewest) if few else privacy.withheld(), privacy.withheld()]
    known = Shown(count, written(count, Unit.COUNT)) if steps.tells_sum else privacy.withheld()
    return [known, Shown(share, written(share, Unit.PERCENT))]


def _step_name(at: int, steps: int) -> str:
    minutes = MARK // 60
    if at == steps - 1:
        return _("%(minutes)d ke atas") % {"minutes": at * minutes}
    return _("%(from)d sampai di bawah %(to)d") % {"from": at * minutes, "to": (at + 1) * minutes}


# --- The week --------------------------------------------------------------------------------


def week(by_hour: Mapping[Hour, Tally], weekly: Mapping[int, Hours], *, fewest: int) -> Week | None:
    """The median wait of each hour of the weekdays; None where nobody was called."""
    called = {hour: tally for hour, tally in by_hour.items() if tally.waits.count}
    if not called:
        return None
    figure = BY_KEY["wait_median"]
    medians = {
        hour: privacy.shown(figure, Account(tally), fewest).value for hour, tally in called.items()
    }
    chart = heat.drawn({hour: _float(value) for hour, value in medians.items()}, weekly)
    entries = [Entry(_hour_name(hour), Account(tally)) for hour, tally in sorted(called.items())]
    keys = ["issued", "wait_median", "wait_p90"]
    sheet = sheets.of_accounts("jam", _("Jam dalam pekan"), _("Jam"), keys, entries, fewest=fewest)
    known = {hour: value for hour, value in medians.items() if value is not None}
    if not known:
        return Week(_("Lama menunggu menurut jam ambil nomor"), chart, sheet)
    worst = max(known, key=lambda hour: known[hour])
    title = _("%(hour)s paling lama: separuh menunggu %(minutes)s") % {
        "hour": _hour_name(worst),
        "minutes": figure.written(known[worst]),
    }
    return Week(title, chart, sheet)


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))


def _hour_name(hour: Hour) -> str:
    day = format_date(heat.A_MONDAY.replace(day=1 + hour.weekday), "l")
    return _("%(day)s pukul %(hour)02d.00") % {"day": day, "hour": hour.hour}


# --- Outcomes --------------------------------------------------------------------------------


def outcomes(now: Account, *, fewest: int) -> Outcomes | None:
    """From the number to its end; None where no number was taken that may be shown."""
    if now.tally.counts.issued < max(fewest, 1):
        return None
    counts = {key: int(BY_KEY[key].of(now) or 0) for key in OUTCOMES}
    gone = privacy.hidden(counts, fewest)
    ends = {
        key: privacy.beside(BY_KEY[key], now, fewest, is_hidden=key in gone) for key in OUTCOMES
    }
    rows = [Row(str(BY_KEY[key]), [cell], key=key) for key, cell in ends.items()]
    issued = privacy.shown(BY_KEY["issued"], now, fewest)
    total = Row(str(BY_KEY["issued"]), [issued], key="issued")
    columns = [Column(_("Nomor"))]
    sheet = Sheet("akhir", _("Akhir setiap nomor"), _("Akhir"), columns, rows, total)
    stages = [(key, privacy.beside(BY_KEY[key], now, fewest)) for key in STAGES]
    stages = [(key, ends.get(key, cell)) for key, cell in stages]
    losses = [(key, cell) for key, cell in ends.items() if key != "served"]
    size = int(issued.value or 1)
    return Outcomes(
        findings.of_outcomes(now, fewest), _bars(stages, size), _bars(losses, size), sheet
    )


def _bars(rows: Sequence[tuple[str, Shown]], whole: int) -> list[Bar]:
    return bars.drawn(
        [(str(BY_KEY[key]), cell.text, int(cell.value or 0)) for key, cell in rows], whole=whole
    )


# --- Small multiples -------------------------------------------------------------------------


def small_multiples(
    title: str,
    entries: Sequence[Entry],
    tallies: Callable[[int], Mapping[date, Tally]],
    dates: Sequence[date],
    *,
    fewest: int,
    by_month: bool,
    code: str = "kecil",
) -> Multiples | None:
    """A small chart of each entry, its tallies asked for by place; None where nothing is known."""
    rows = [[_point(tallies(at).get(on), fewest) for on in dates] for at in range(len(entries))]
    if not any(point for row in rows for point in row):
        return None
    frame = multiples.frame(rows, limit=LIMIT)
    drawn = list(zip(entries, rows, strict=True))[:PANELS]
    panels = [_panel(entry, row, frame, fewest) for entry, row in drawn]
    names = [format_date(on, "M Y" if by_month else "j M") for on in dates]
    sheet = _series(entries, tallies, dates, names, fewest, code)
    return Multiples(title, frame, panels, names[0], names[-1], sheet)


def _point(tally: Tally | None, fewest: int) -> multiples.Point | None:
    if tally is None:
        return None
    account = Account(tally)
    values = [_float(privacy.wait(BY_KEY[key], account, fewest)) for key in POINTS]
    if None in values:
        return None
    return multiples.Point(*(value or 0.0 for value in values))


def _panel(
    entry: Entry, row: Sequence[multiples.Point | None], frame: multiples.Frame, fewest: int
) -> Panel:
    median = privacy.shown(BY_KEY["wait_median"], entry.account, fewest)
    known = [point for point in row if point]
    label = _("%(name)s: %(median)s") % {"name": entry.name, "median": median.text}
    if known:
        label = _("%(name)s: tunggu tengah dari %(first).0f ke %(last).0f menit") % {
            "name": entry.name,
            "first": known[0].middle,
            "last": known[-1].middle,
        }
    is_over = median.value is not None and median.value > LIMIT
    drawing = multiples.drawn(row, highest=frame.highest)
    return Panel(entry.name, entry.url, median.text, entry.note, label, drawing, is_over)


def _series(
    entries: Sequence[Entry],
    tallies: Callable[[int], Mapping[date, Tally]],
    dates: Sequence[date],
    names: Sequence[str],
    fewest: int,
    code: str,
) -> Sheet:
    figure = BY_KEY["wait_median"]
    rows = []
    for at, entry in enumerate(entries):
        known = tallies(at)
        cells = [
            privacy.shown(figure, Account(known[on]), fewest) if on in known else Shown(None, "–")
            for on in dates
        ]
        rows.append(Row(entry.name, cells, entry.url))
    columns = [Column(name, unit=sheets.unit_of(figure)) for name in names]
    return Sheet(code, _("Tunggu tengah menurut waktu"), _("Nama"), columns, rows)
