"""The agencies of a mall as a sheet: one row for each, with how the mall calls it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from agencies.models import Agency, Category, Mall, Presence
from core.tables import Column, Problem, Sheet
from hall import record
from onboarding.imports.judging import Cells, emptied, one_of, repeated, slug
from onboarding.imports.plan import Fate, Kind, Plan, Step
from onboarding.setup.arranging.presences import ICONS

COLUMNS = (
    Column(
        "slug",
        "Kode instansi",
        gettext_lazy("Huruf kecil dan tanda hubung; kode yang sama berarti instansi yang sama."),
        required=True,
        example="disdukcapil-kab-bekasi",
    ),
    Column("name", "Nama", required=True, example="Dinas Kependudukan dan Pencatatan Sipil"),
    Column("short_name", "Nama singkat", required=True, example="Disdukcapil"),
    Column(
        "category",
        "Kategori",
        gettext_lazy("Salah satu dari delapan; BPJS adalah badan hukum publik, bukan BUMN."),
        required=True,
        example="Perangkat daerah",
    ),
    Column("parent", "Induk nasional", gettext_lazy("Kode instansi induknya, bila ada.")),
    Column("board_name", "Nama di papan", example="Dukcapil"),
    Column("place", "Letak", example="Lantai 1"),
    Column(
        "basis",
        "Dasar kehadiran",
        gettext_lazy("Kosong berarti perjanjian kerja sama."),
        example="Keputusan kepala daerah",
    ),
    Column("decree", "Nomor keputusan"),
)
TITLES = {column.name: column.title for column in COLUMNS}


@dataclass(frozen=True)
class Wanted:
    """A row as values, without what the sheet has no column for."""

    row: int
    slug: str
    parent: str | None  # None: the sheet does not say
    agency: dict[str, object]
    presence: dict[str, object]


def judge(mall: Mall, sheet: Sheet) -> Plan:
    """What the sheet would add and change at the mall, and what is wrong in it."""
    problems: list[Problem] = []
    said = set(sheet.columns)
    wanted = [_wanted(Cells(row, _BY_NAME, problems), said) for row in sheet.rows]
    problems += repeated([(each.row, each.slug) for each in wanted], TITLES["slug"])
    slugs = {each.slug for each in wanted} | {each.parent for each in wanted if each.parent}
    agencies = Agency.objects.filter(slug__in=slugs).select_related("parent")
    known = {agency.slug: agency for agency in agencies}
    present = {
        row.agency.slug: row for row in Presence.objects.filter(mall=mall).select_related("agency")
    }
    problems += _strange_parents(wanted, known)
    problems += _other_bases(wanted, present)
    problems += _shared(mall, wanted, known)
    if problems:
        return Plan(problems=sorted(problems))
    steps = [_step(each, known, present) for each in wanted]
    return Plan(steps, write=lambda by, now: _write(mall, wanted, said, by, now))


_BY_NAME = {column.name: column for column in COLUMNS}


def _wanted(cells: Cells, said: set[str]) -> Wanted:
    short = cells.text("short_name", most=40)
    presence = {
        "board_name": cells.text("board_name", most=40),
        "place": cells.text("place", most=80),
        "basis": cells.read("basis", one_of(Presence.Basis), ""),
        "decree": cells.text("decree", most=120),
    }
    return Wanted(
        cells.row.number,
        cells.read("slug", slug, ""),
        cells.read("parent", slug, "") if "parent" in said else None,
        {
            "name": cells.text("name", most=160),
            "short_name": short,
            "category": cells.read("category", one_of(Category), ""),
        },
        # A name and a basis that are left empty stay as they are.
        {
            name: value
            for name, value in presence.items()
            if name in said and (value or name in {"place", "decree"})
        },
    )


def _strange_parents(wanted: Iterable[Wanted], known: dict[str, Agency]) -> list[Problem]:
    rows = {each.slug: each for each in wanted}
    return [
        Problem(each.row, TITLES["parent"], _("Induk ini tidak ada, atau berada di bawahnya."))
        for each in rows.values()
        if each.parent and (each.parent not in known.keys() | rows or _is_below(each, rows, known))
    ]


def _is_below(wanted: Wanted, rows: dict[str, Wanted], known: dict[str, Agency]) -> bool:
    """Whether the parent of an organisation has that organisation above itself."""
    above, seen = wanted.parent, {wanted.slug}
    while above:
        if above in seen:
            return True
        seen.add(above)
        row, agency = rows.get(above), known.get(above)
        if row is not None and row.parent is not None:
            above = row.parent
        else:
            above = agency.parent.slug if agency and agency.parent else ""
    return False


def _other_bases(wanted: Iterable[Wanted], present: dict[str, Presence]) -> list[Problem]:
    """By what right an agency is there is no matter of a sheet once it is there."""
    sentence = _("Instansi ini sudah hadir; dasarnya diubah di Penataan, bukan dengan berkas.")
    return [
        Problem(each.row, TITLES["basis"], sentence)
        for each in wanted
        if (row := present.get(each.slug)) is not None
        and each.presence.get("basis", row.basis) != row.basis
    ]


def _shared(mall: Mall, wanted: Iterable[Wanted], known: dict[str, Agency]) -> list[Problem]:
    """What an organisation is called that others have too, no single mall decides."""
    here = set(Presence.objects.filter(mall=mall).values_list("agency", flat=True))
    ids = [agency.pk for agency in known.values()]
    elsewhere = Presence.objects.filter(agency__in=ids).exclude(mall=mall)
    others = set(elsewhere.values_list("agency", flat=True))
    others |= {pk for pk in ids if pk not in here}
    parents = Agency.objects.filter(pk__in=ids, branches__isnull=False)
    others |= set(parents.values_list("pk", flat=True))
    sentence = _("Instansi ini juga dikenal di luar mal ini; isian ini hanya diubah operator.")
    return [
        Problem(each.row, TITLES[name], sentence)
        for each in wanted
        if each.slug in known and known[each.slug].pk in others
        for name in _differing(each, known)
    ]


def _differing(wanted: Wanted, known: dict[str, Agency]) -> list[str]:
    """What the row says otherwise of an organisation that is known."""
    agency = known[wanted.slug]
    found = [name for name, value in wanted.agency.items() if getattr(agency, name) != value]
    above = agency.parent.slug if agency.parent else ""
    return found if wanted.parent in {None, above} else [*found, "parent"]


def _step(wanted: Wanted, known: dict[str, Agency], present: dict[str, Presence]) -> Step:
    row = present.get(wanted.slug)
    if row is None:
        return Step(wanted.row, Fate.NEW, str(wanted.agency["name"]))
    changed = _differing(wanted, known)
    changed += [name for name, value in wanted.presence.items() if getattr(row, name) != value]
    values = {**wanted.agency, **wanted.presence, "parent": wanted.parent}
    titles = tuple(emptied(name, values[name], TITLES) for name in changed)
    return Step(wanted.row, Fate.CHANGED if titles else Fate.SAME, row.agency.name, titles)


def _write(mall: Mall, wanted: list[Wanted], said: set[str], by: User, now: datetime) -> None:
    Agency.objects.bulk_create(
        [Agency(slug=each.slug, **each.agency) for each in wanted],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "short_name", "category"],
    )
    slugs = {each.slug for each in wanted} | {each.parent for each in wanted if each.parent}
    known = {agency.slug: agency for agency in Agency.objects.filter(slug__in=slugs)}
    if "parent" in said:
        for each in wanted:
            known[each.slug].parent = known.get(each.parent or "")
        Agency.objects.bulk_update(
            [known[each.slug] for each in wanted], ["parent"], batch_size=500
        )
    present = {
        row.agency_id: row for row in Presence.objects.filter(mall=mall).select_related("agency")
    }
    new: list[Presence] = []
    changed: list[Presence] = []
    for each in wanted:
        agency = known[each.slug]
        row = present.get(agency.pk) or _newcomer(mall, agency)
        (changed if row.pk else new).append(row)
        for name, value in each.presence.items():
            setattr(row, name, value)
    Presence.objects.bulk_create(new)
    Presence.objects.bulk_update(changed, ["board_name", "place", "decree"], batch_size=500)
    record.write("agencies.imported", mall.pk, mall_id=mall.pk, by=by, now=now)


def _newcomer(mall: Mall, agency: Agency) -> Presence:
    icon = ICONS[Category(agency.category)]
    return Presence(mall=mall, agency=agency, board_name=agency.short_name, icon=icon)


def rows(mall: Mall) -> list[list[object]]:
    """The agencies of the mall as the sheet has them."""
    found = Presence.objects.filter(mall=mall).select_related("agency__parent")
    return [
        [
            row.agency.slug,
            row.agency.name,
            row.agency.short_name,
            Category(row.agency.category).label,
            row.agency.parent.slug if row.agency.parent else "",
            row.board_name,
            row.place,
            Presence.Basis(row.basis).label,
            row.decree,
        ]
        for row in found.order_by("agency__name")
    ]


KIND = Kind("instansi", gettext_lazy("Instansi"), COLUMNS, judge, rows)
