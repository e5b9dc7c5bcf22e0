"""The page of a mall and that of an agency: one period, compared with others and with malls alike.

Read from counted days and months only, with the same few statements whatever happened in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.access import public_malls
from agencies.calendars import calendar_of
from agencies.models import Mall
from monitoring import figures, names, privacy
from monitoring.access import SeenAgency, SeenMall
from monitoring.account import Account
from monitoring.dashboards import drawing, findings, peers, sheets
from monitoring.dashboards.sheets import Column, Entry, Sheet
from monitoring.definitions import BY_KEY
from monitoring.figures import Line, Picture
from monitoring.periods import Kind, Period
from monitoring.privacy import Shown
from monitoring.tallies import Tally
from queueing.access import workday

MAIN = (
    *("visits", "issued", "called", "served", "absent", "absent_share", "unserved"),
    *("service_days", "wait_median", "wait_p90", "wait_mean", "wait_quick"),
    *("service_median", "service_p90", "within_share", "complete_share"),
    *("attended_share", "counters_share", "hours_share", "staff_share"),
    *("ikm", "respondents", "complaints", "complaints_answered", "complaints_late"),
)
OF_HALLS = ("closures", "closed_minutes", "alarms")
AGENCY = (
    *("issued", "called", "served", "absent", "absent_share", "unserved"),
    *("wait_median", "wait_p90", "wait_quick", "service_median", "within_share"),
    *("complete_share", "attended_share", "counters_share", "hours_share"),
    *("ikm", "respondents", "complaints", "complaints_late"),
)
PART = (
    *("issued", "served", "wait_median", "wait_p90", "service_median"),
    *("within_share", "complete_share", "absent_share"),
)


def mall(seen: SeenMall, period: Period, *, by: str, now: datetime) -> dict[str, Any]:
    """A mall in a period: everything its page shows."""
    picture = figures.of_mall(seen.mall, period, now=now)
    earlier = [_line(seen.mall, each) for each in (period.before, period.year_before)]
    similar = _peers(seen.mall, period, picture.account)
    labels = names.agencies_of(seen.mall)
    keys = [*MAIN, *OF_HALLS]
    main = _main(picture.account, earlier, period, keys, seen.fewest)
    context = _charts(picture, earlier[0], seen.fewest, now)
    agencies = _agencies(picture, labels, period)
    context["multiples"] = _multiples(picture, agencies, seen.fewest)
    tables = [
        _with_peers(main, similar, keys),
        sheets.ordered(_agency_sheet(picture, agencies, seen.fewest), by),
        *_parts(picture, seen.mall, seen.fewest),
    ]
    return context | {"tables": tables, "similar": similar, "least": peers.LEAST}


def agency(seen: SeenAgency, period: Period, *, now: datetime) -> dict[str, Any]:
    """An agency at a mall in a period: everything its page shows."""
    presence = seen.presence
    if seen.fewest and _is_masked(seen, period, now):
        return {"finding": findings.too_few(), "tables": []}
    picture, *earlier = (
        figures.of_mall(seen.mall, each, now=now, presence=presence.pk)
        for each in (period, period.before, period.year_before)
    )
    accounts = [each.account for each in earlier]
    main = _main(picture.account, accounts, period, MAIN, seen.fewest)
    context = _charts(picture, accounts[0], seen.fewest, now)
    return context | {"tables": [main, *_parts(picture, seen.mall, seen.fewest)]}


def _is_masked(seen: SeenAgency, period: Period, now: datetime) -> bool:
    """Whether the page of the mall hides this agency: its own page must not tell it then."""
    whole = figures.of_mall(seen.mall, period, now=now).by("presence")
    counts = {pk: tally.counts.issued for pk, tally in whole.items()}
    return seen.presence.pk in privacy.hidden(counts, seen.fewest)


def _line(place: Mall, period: Period) -> Account:
    return figures.of_malls([place], period)[0].account


def _charts(picture: Picture, before: Account, fewest: int, at: datetime) -> dict[str, Any]:
    """The headline, and the charts that a mall and an agency have in common."""
    now, period = picture.account, picture.period
    ago = findings.ago_of(period)
    titles = str(period), str(period.before)
    weekly = calendar_of(picture.mall.pk).weekly
    return {
        "account": now,
        "until": picture.until if period.last >= workday(at) else None,
        "finding": findings.of_waits(now, before, ago=ago, fewest=fewest),
        "waits": drawing.waits(now, before, titles=titles, ago=ago, fewest=fewest),
        "week": drawing.week(picture.by_hour, weekly, fewest=fewest),
        "outcomes": drawing.outcomes(now, fewest=fewest),
    }


def _main(
    now: Account,
    earlier: Sequence[Account],
    period: Period,
    keys: Sequence[str],
    fewest: int,
) -> Sheet:
    """The figures of one place now, before and a year before; what never was is left out."""
    columns = [(str(period), now)]
    for then, account in zip((period.before, period.year_before), earlier, strict=True):
        if account.tally and str(then) not in dict(columns):
            columns.append((str(then), account))
    return sheets.of_figures("angka", _("Angka utama"), keys, columns, fewest=fewest)


def _peers(own: Mall, period: Period, account: Account) -> peers.Peers:
    others = figures.of_malls(list(public_malls().exclude(pk=own.pk)), period)
    return peers.of(Line(own, account), others, [*MAIN, *OF_HALLS])


def _with_peers(sheet: Sheet, similar: peers.Peers, keys: Sequence[str]) -> Sheet:
    if not similar.are_enough:
        return sheet
    rows = []
    for key, row in zip(keys, sheet.rows, strict=True):
        value = similar.medians[key]
        cell = Shown(value, BY_KEY[key].written(value))
        rows.append(replace(row, cells=[*row.cells, cell]))
    title = _("Mal serupa (tengah)")
    return replace(sheet, columns=[*sheet.columns, Column(title)], rows=rows)


def _agencies(
    picture: Picture, labels: Mapping[int, str], period: Period
) -> list[tuple[int, Entry]]:
    slug = picture.mall.slug
    found = []
    for pk, account in picture.agencies().items():
        url = f"{reverse('agency_figures', args=[slug, pk])}?masa={period.code}"
        found.append((pk, Entry(labels.get(pk, "–"), account, url)))
    return sorted(found, key=lambda pair: (-pair[1].account.tally.counts.issued, pair[1].name))


def _agency_sheet(picture: Picture, agencies: Sequence[tuple[int, Entry]], fewest: int) -> Sheet:
    return sheets.of_accounts(
        "instansi",
        _("Instansi"),
        _("Instansi"),
        AGENCY,
        [entry for _pk, entry in agencies],
        fewest=fewest,
        total=picture.account,
    )


def _multiples(
    picture: Picture, agencies: Sequence[tuple[int, Entry]], fewest: int
) -> drawing.Multiples | None:
    """The waits at each agency by day, or by month of a year; a day alone has no course."""
    if picture.period.kind == Kind.DAY or not picture.by_date:
        return None
    counts = {pk: entry.account.tally.counts.issued for pk, entry in agencies}
    gone = privacy.hidden(counts, fewest)
    served = [(pk, entry) for pk, entry in agencies if entry.account.tally and pk not in gone]
    found: dict[int, dict[date, Tally]] = {}
    for (pk, on), tally in picture.by_agency_date.items():
        found.setdefault(pk, {})[on] = tally
    return drawing.small_multiples(
        _("Lama menunggu di setiap instansi"),
        [entry for _pk, entry in served],
        lambda at: found.get(served[at][0], {}),
        sorted(picture.by_date),
        fewest=fewest,
        by_month=picture.period.kind == Kind.YEAR,
    )


def _parts(picture: Picture, place: Mall, fewest: int) -> list[Sheet]:
    """The same numbers by service, by channel and by group that is called first."""
    services = names.services_of(place)
    asked = [
        ("layanan", _("Layanan"), "service", services),
        ("kanal", _("Cara mendapat nomor"), "channel", names.channels()),
        ("golongan", _("Golongan prioritas"), "priority", names.priorities()),
    ]
    return [
        _part(picture, code, title, part, labels, fewest) for code, title, part, labels in asked
    ]


def _part(
    picture: Picture, code: str, title: str, part: str, labels: Mapping[int, str], fewest: int
) -> Sheet:
    entries = [Entry(labels.get(pk, "–"), Account(tally)) for pk, tally in picture.by(part).items()]
    entries.sort(key=lambda each: (-each.account.tally.counts.issued, each.name))
    total = picture.account
    return sheets.of_accounts(code, title, title, PART, entries, fewest=fewest, total=total)
