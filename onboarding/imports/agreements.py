"""The agreements of a mall as a sheet: one row for each agency that a document binds.

Rows with the same number of the organiser are one document. A sheet brings drafts: signing is an
act of people, and what is signed is changed by an addendum only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from agencies.agreement_states import Recorded
from agencies.models import Agreement, Counter, Mall, Presence, Term, Weekday
from core.tables import Column, Problem, Sheet
from hall import record
from onboarding.agreements import drafting, register
from onboarding.agreements.register import Document, Promised, Signatory
from onboarding.imports.judging import (
    Cells,
    clock,
    day,
    emptied,
    one_of,
    parts,
    repeated,
    rupiah,
    slug,
    weekdays,
    whole,
)
from onboarding.imports.plan import Fate, Kind, Plan, Step
from services.models import Service

COLUMNS = (
    Column(
        "number",
        "Nomor penyelenggara",
        gettext_lazy("Baris dengan nomor yang sama adalah satu dokumen."),
        required=True,
        example="100.3.7/12/DPMPTSP/2026",
    ),
    Column("title", "Judul", required=True, example="Perjanjian Kerja Sama dengan Disdukcapil"),
    Column(
        "kind",
        "Jenis",
        gettext_lazy("Nota kesepahaman, Kesepakatan bersama, Perjanjian kerja sama, atau Adendum."),
        required=True,
        example="Perjanjian kerja sama",
    ),
    Column("amends", "Mengubah nomor", gettext_lazy("Nomor penyelenggara yang diubah adendum.")),
    Column("from_date", "Berlaku sejak", required=True, example="2026-01-02"),
    Column("until_date", "Berlaku sampai", gettext_lazy("Kosong: tanpa batas.")),
    Column("signatory", "Penanda tangan penyelenggara", example="Budi Santoso"),
    Column("position", "Jabatan penyelenggara", example="Kepala DPMPTSP"),
    Column("agency", "Kode instansi", required=True, example="bpjs-kesehatan"),
    Column("agency_number", "Nomor instansi", example="12/PKS/2026"),
    Column("agency_signatory", "Penanda tangan instansi", example="Siti Aminah"),
    Column("agency_position", "Jabatan instansi", example="Kepala Cabang"),
    Column(
        "weekdays",
        "Hari hadir",
        gettext_lazy("Senin, Kamis atau Senin–Jumat; kosong: hanya menjadi pihak."),
        example="Senin–Jumat",
    ),
    Column("counters", "Loket", gettext_lazy("Nomor loket, dipisah koma."), example="8, 9"),
    Column("opens", "Mulai pukul", gettext_lazy("Kosong: jam mal."), example="08.00"),
    Column("closes", "Sampai pukul", example="15.00"),
    Column("staff", "Jumlah petugas", example="2"),
    Column("facilities", "Sarana", example="Meja loket, komputer"),
    Column("charge", "Biaya per bulan", example="0"),
    Column("services", "Kode layanan", gettext_lazy("Dipisah koma; kosong: semua layanannya.")),
)
TITLES = {column.name: column.title for column in COLUMNS}
_BY_NAME = {column.name: column for column in COLUMNS}
# What all rows of one document say alike; the other columns speak of one agency.
HEAD = ("title", "kind", "amends", "from_date", "until_date", "signatory", "position")
NAMES = ("signatory", "position", "agency_signatory", "agency_position")
PROMISED = ("weekdays", "counters", "opens", "closes", "staff", "facilities", "charge", "services")
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("title", "kind", "amends", "agency_number", "facilities", *NAMES), ""),
    **dict.fromkeys(("until_date", "opens", "closes", "staff", "charge", "services"), None),
    **dict.fromkeys(("weekdays", "counters"), ()),
}
Values = dict[str, Any]  # a row by the names of its columns


@dataclass(frozen=True)
class Wanted:
    """A row as values, without what the sheet has no column for."""

    row: int
    number: str
    agency: str
    said: Values


@dataclass(frozen=True)
class Known:
    """What is there at the mall, read at once."""

    presences: dict[str, Presence]
    counters: dict[str, int]
    services: dict[tuple[int, str], int]
    documents: dict[str, Agreement]


def judge(mall: Mall, sheet: Sheet) -> Plan:
    """What the sheet would draft at the mall, and what is wrong in it."""
    problems: list[Problem] = []
    known, said = _known(mall), set(sheet.columns)
    wanted = [_wanted(Cells(row, _BY_NAME, problems), known, said) for row in sheet.rows]
    pairs = [(each.row, (each.number, each.agency)) for each in wanted]
    problems += repeated(pairs, TITLES["agency"])
    problems += _differing(wanted)
    problems += _strange(wanted, known)
    if problems:
        return Plan(problems=sorted(problems))
    steps = [_step(each, known) for each in wanted]
    problems += _signed(steps, wanted, known)
    if problems:
        return Plan(problems=sorted(problems))
    touched = {
        each.number for each, step in zip(wanted, steps, strict=True) if step.fate != Fate.SAME
    }
    return Plan(steps, write=lambda by, now: _write(mall, touched, wanted, known, by, now))


def _known(mall: Mall) -> Known:
    presences = Presence.objects.filter(mall=mall).select_related("agency")
    services = Service.objects.filter(presence__mall=mall)
    found = Agreement.objects.filter(mall=mall, parties__agency=None).select_related("amends")
    documents = found.prefetch_related(
        "parties", "amends__parties", "terms__counters", "terms__scopes"
    )
    return Known(
        {row.agency.slug: row for row in presences},
        dict(Counter.objects.filter(mall=mall).values_list("number", "pk")),
        {
            (presence, its): pk
            for presence, its, pk in services.values_list("presence", "code", "pk")
        },
        {number: each for each in documents if (number := _number(each))},
    )


def _number(agreement: Agreement | None) -> str:
    """The organiser's number of a document."""
    parties = agreement.parties.all() if agreement else ()
    return next((party.number for party in parties if party.agency_id is None), "")


def _wanted(cells: Cells, known: Known, said: set[str]) -> Wanted:
    agency = cells.read("agency", slug, "")
    presence = known.presences.get(agency)
    if presence is None and agency:
        cells.wrong("agency", _("Instansi ini belum hadir di mal ini. Impor instansinya dahulu."))
    found: Values = {
        "title": cells.text("title", most=200),
        "kind": cells.read("kind", one_of(Agreement.Kind), ""),
        "amends": cells.text("amends", most=80),
        "from_date": cells.read("from_date", day, None),
        "until_date": cells.read("until_date", day, None),
        "agency_number": cells.text("agency_number", most=80),
        **{name: cells.text(name, most=120) for name in NAMES},
        "weekdays": cells.read("weekdays", weekdays, ()),
        "counters": _counters(cells, known),
        "opens": cells.read("opens", clock, None),
        "closes": cells.read("closes", clock, None),
        "staff": cells.read("staff", whole, None),
        "facilities": cells.text("facilities", most=2_000),
        "charge": cells.read("charge", rupiah, None),
        "services": _services(cells, presence, known),
    }
    _refuse_contrary(cells, found)
    own = {name: value for name, value in found.items() if name in said}
    return Wanted(cells.row.number, cells.text("number", most=80), agency, own)


def _refuse_contrary(cells: Cells, found: Values) -> None:
    first, last = found["from_date"], found["until_date"]
    opens, closes = found["opens"], found["closes"]
    if first and last and last < first:
        cells.wrong("until_date", _("Hari terakhir tidak boleh sebelum hari pertamanya."))
    if (opens is None) != (closes is None) or (opens and closes and opens >= closes):
        cells.wrong("closes", _("Isi jam mulai dan selesai, keduanya dan berurutan."))
    more = [found[name] for name in ("opens", "staff", "charge", "facilities", "services")]
    if any(more) and not (found["weekdays"] or found["counters"]):
        cells.wrong("weekdays", _("Isi hari dan loketnya; tanpa itu, tidak ada yang dijanjikan."))


def _counters(cells: Cells, known: Known) -> tuple[int, ...]:
    numbers = cells.read("counters", parts, ())
    strange = [number for number in numbers if number not in known.counters]
    if strange:
        named = ", ".join(strange)
        cells.wrong("counters", _("Loket %(numbers)s tidak ada di mal ini.") % {"numbers": named})
    return tuple(sorted({known.counters[each] for each in numbers if each not in strange}))


def _services(cells: Cells, presence: Presence | None, known: Known) -> tuple[int, ...] | None:
    codes = cells.read("services", parts, ())
    if presence is None or not codes:
        return None
    strange = [each for each in codes if (presence.pk, each) not in known.services]
    if strange:
        sentence = _("Layanan %(codes)s tidak ada pada instansi ini.")
        cells.wrong("services", sentence % {"codes": ", ".join(strange)})
        return None
    return tuple(sorted(known.services[presence.pk, each] for each in codes))


def _differing(wanted: Iterable[Wanted]) -> list[Problem]:
    """All rows of one document say the same of the document itself."""
    first: dict[str, Wanted] = {}
    found = []
    for each in wanted:
        known = first.setdefault(each.number, each)
        for name in HEAD:
            if known.said.get(name) != each.said.get(name):
                sentence = _("Berbeda dari baris %(row)d, padahal nomor dokumennya sama.")
                problem = Problem(each.row, TITLES[name], sentence % {"row": known.row})
                found.append(problem)
    return found


def _strange(wanted: Iterable[Wanted], known: Known) -> Iterable[Problem]:
    """An addendum names a signed document of the mall, and nothing else does."""
    for each in wanted:
        there = known.documents.get(each.number)
        amended = each.said.get("amends", _number(there.amends if there else None))
        base = known.documents.get(amended)
        if (each.said["kind"] == Agreement.Kind.ADDENDUM) != bool(amended):
            sentence = _("Isi untuk adendum, dan hanya untuk adendum.")
            yield Problem(each.row, TITLES["amends"], sentence)
        elif amended and not (base and register.holds_from(base, each.said["from_date"])):
            sentence = _("Tidak ada dokumen bernomor ini yang ditandatangani dan masih berlaku.")
            yield Problem(each.row, TITLES["amends"], sentence)


# What is there, in the words of a row


def _there(agreement: Agreement | None, presence: Presence) -> Values | None:
    """What a document says of itself and of an agency; None when that is no party of it."""
    parties = {party.agency_id: party for party in agreement.parties.all()} if agreement else {}
    own, head = parties.get(presence.agency_id), parties.get(None)
    if agreement is None or own is None or head is None:
        return None
    terms = [term for term in agreement.terms.all() if term.presence_id == presence.pk]
    return {
        **EMPTY,
        **{name: getattr(agreement, name) for name in ("title", "from_date", "until_date")},
        "kind": str(agreement.kind),
        "amends": _number(agreement.amends),
        "signatory": head.signatory,
        "position": head.position,
        "agency_number": own.number,
        "agency_signatory": own.signatory,
        "agency_position": own.position,
        **(_of_term(terms[0]) if terms else {}),
    }


def _of_term(term: Term) -> Values:
    scopes = tuple(sorted(scope.service_id for scope in term.scopes.all()))
    return {
        **{name: getattr(term, name) for name in ("opens", "closes", "staff", "charge")},
        "facilities": term.facilities,
        "weekdays": tuple(sorted(term.weekdays)),
        "counters": tuple(sorted(counter.pk for counter in term.counters.all())),
        "services": None if term.covers_all else scopes,
    }


def _step(wanted: Wanted, known: Known) -> Step:
    presence = known.presences[wanted.agency]
    there = _there(known.documents.get(wanted.number), presence)
    subject = f"{wanted.said['title']}: {presence.agency.short_name}"
    if there is None:
        return Step(wanted.row, Fate.NEW, subject)
    changed = [name for name, value in wanted.said.items() if there[name] != value]
    titles = tuple(emptied(name, wanted.said[name], TITLES) for name in changed)
    return Step(wanted.row, Fate.CHANGED if titles else Fate.SAME, subject, titles)


def _signed(steps: Iterable[Step], wanted: Iterable[Wanted], known: Known) -> Iterable[Problem]:
    for step, each in zip(steps, wanted, strict=True):
        there = known.documents.get(each.number)
        if step.fate != Fate.SAME and there is not None and there.state != Recorded.DRAFT:
            sentence = _("Dokumen ini sudah ditandatangani; ubah dengan adendum.")
            yield Problem(step.row, TITLES["number"], sentence)


# Writing


def _write(
    mall: Mall, numbers: set[str], wanted: list[Wanted], known: Known, by: User, now: datetime
) -> None:
    for number in sorted(numbers):
        rows = [each for each in wanted if each.number == number]
        there = known.documents.get(number)
        if there is None:
            register.draft(mall, _document(number, rows, None, known), by=by, now=now)
        else:
            before = drafting.document_of(there)
            register.redraft(there, _document(number, rows, before, known))
    record.write("agreements.imported", mall.pk, mall_id=mall.pk, by=by, now=now)


def _document(number: str, rows: list[Wanted], there: Document | None, known: Known) -> Document:
    """The document that the rows describe; agencies and words they leave out stay in it."""
    values = {each.agency: _merged(each, known) for each in rows}
    head = values[rows[0].agency]
    base = known.documents.get(head["amends"])
    same = {name: head[name] for name in ("title", "from_date", "until_date")}
    blank = Document(Agreement.Kind(head["kind"]), **same)
    parties = {party.agency_id: party for party in (there or blank).parties}
    promised = {each.presence_id: each for each in (there or blank).promises}
    parties.pop(None, None)
    for agency, found in values.items():
        presence = known.presences[agency]
        names = (found[f"agency_{name}"] for name in ("number", "signatory", "position"))
        parties[presence.agency_id] = Signatory(presence.agency_id, *names)
        promised[presence.pk] = _promised(presence, found, promised.get(presence.pk))
    organiser = Signatory(None, number, head["signatory"], head["position"])
    return replace(
        there or blank,
        kind=Agreement.Kind(head["kind"]),
        amends_id=base.pk if base else None,
        parties=(organiser, *parties.values()),
        promises=tuple(each for each in promised.values() if each.weekdays or each.counters),
        **same,
    )


def _merged(wanted: Wanted, known: Known) -> Values:
    there = _there(known.documents.get(wanted.number), known.presences[wanted.agency])
    return {**EMPTY, **(there or {}), **wanted.said}


def _promised(presence: Presence, found: Values, before: Promised | None) -> Promised:
    note = before.charge_note if before else ""
    return Promised(presence.pk, charge_note=note, **{name: found[name] for name in PROMISED})


def rows(mall: Mall) -> list[list[object]]:
    """The agreements of the mall as the sheet has them; those without a number are left out."""
    known = _known(mall)
    numbers = {pk: number for number, pk in known.counters.items()}
    codes = {pk: its for (_presence, its), pk in known.services.items()}
    slugs = {row.agency_id: slug for slug, row in known.presences.items()}
    by_pk = {each.pk: number for number, each in known.documents.items()}
    return [
        line
        for number, agreement in sorted(known.documents.items())
        for line in _lines(number, agreement, (numbers, codes, slugs, by_pk), known)
    ]


Names = tuple[dict[int, str], dict[int, str], dict[int, str], dict[int, str]]


def _lines(number: str, agreement: Agreement, names: Names, known: Known) -> Iterable[list[object]]:
    counters, codes, slugs, by_pk = names
    document = drafting.document_of(agreement)
    head = next(each for each in document.parties if each.agency_id is None)
    promised = {each.presence_id: each for each in document.promises}
    for party in document.parties:
        if party.agency_id not in slugs:
            continue
        found = promised.get(known.presences[slugs[party.agency_id]].pk)
        yield [
            *(number, document.title, document.kind.label, by_pk.get(document.amends_id or 0, "")),
            *(document.from_date, document.until_date, head.name, head.position),
            *(slugs[party.agency_id], party.number, party.name, party.position),
            *_promise_cells(found, counters, codes),
        ]


def _promise_cells(
    found: Promised | None, counters: dict[int, str], codes: dict[int, str]
) -> list[object]:
    if found is None:
        return [""] * 8
    return [
        ", ".join(str(Weekday(weekday).label) for weekday in found.weekdays),
        ", ".join(counters[pk] for pk in found.counters),
        *(found.opens, found.closes, found.staff, found.facilities, found.charge),
        ", ".join(codes[pk] for pk in found.services or ()),
    ]


KIND = Kind("perjanjian", gettext_lazy("Perjanjian"), COLUMNS, judge, rows)
