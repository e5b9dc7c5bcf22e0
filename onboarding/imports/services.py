"""The services of a mall as a sheet: one row for each, with what it shows to citizens.

What a published standard says of a service is changed by the next version of that standard, which
two people look at; a sheet may say it only of services that have none.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from agencies.models import Mall, Presence
from core.tables import Column, Problem, Sheet
from hall import record
from onboarding.agreements import promises
from onboarding.imports.judging import (
    Cells,
    Unclear,
    code,
    emptied,
    entries,
    lines,
    parts,
    repeated,
    rupiah,
    slug,
    whole,
    yes,
)
from onboarding.imports.plan import Fate, Kind, Plan, Step
from services.components import requirements_of
from services.models import Fee, Queue, Service, Standard
from services.standards import GOVERNED

COLUMNS = (
    Column(
        "agency",
        "Kode instansi",
        gettext_lazy("Instansi harus sudah hadir di mal ini."),
        required=True,
        example="disdukcapil-kab-bekasi",
    ),
    Column("code", "Kode layanan", required=True, example="ktp-el-baru"),
    Column("name", "Nama layanan", required=True, example="KTP-el Baru"),
    Column("name_en", "Nama Inggris", example="New identity card"),
    Column(
        "queue",
        "Huruf antrean",
        gettext_lazy("Huruf antrean instansi ini."),
        required=True,
        example="A",
    ),
    Column("minutes", "Menit di loket", gettext_lazy("1 sampai 240."), required=True, example="10"),
    Column("keywords", "Kata pencarian", gettext_lazy("Dipisah koma."), example="ktp, identitas"),
    Column(
        "requirements",
        "Persyaratan",
        gettext_lazy("Satu per baris di dalam selnya; catatannya setelah garis tegak (|)."),
        example="Kartu keluarga | Asli dan fotokopi",
    ),
    Column("procedure", "Prosedur", gettext_lazy("Satu langkah per baris di dalam selnya.")),
    Column("completion_time", "Jangka waktu", example="1 hari kerja"),
    Column(
        "fees",
        "Biaya",
        gettext_lazy("Satu per baris: nama, titik dua, rupiah; tanpa rupiah: menurut kasusnya."),
        example="Elektronik 10 tahun: 950000",
    ),
    Column("fee_basis", "Dasar tarif", example="PP 45/2024"),
    Column("product", "Produk layanan", example="KTP-el"),
    Column("complaint_channel", "Pengaduan"),
    Column("limits", "Batasan di mal ini"),
    Column("booked_with", "Reservasi melalui", example="M-Paspor"),
    Column("booked_at", "Alamat reservasi", gettext_lazy("Dengan https://.")),
    Column("is_active", "Aktif", gettext_lazy("Ya atau Tidak."), example="Ya"),
)
TITLES = {column.name: column.title for column in COLUMNS}
PLAIN = {  # and how long each may be
    "completion_time": 120,
    "fee_basis": 120,
    "product": 160,
    "complaint_channel": 200,
    "limits": 300,
}
REGISTER = (
    *("name", "name_en", "minutes", "keywords", "limits"),
    *("booked_with", "booked_at", "is_active", "queue"),
)
Key = tuple[str, str]  # agency and code
Tariff = tuple[str, Decimal | None]


@dataclass(frozen=True)
class Wanted:
    """A row as values, without what the sheet has no column for; the queue may not be there."""

    row: int
    key: Key
    letter: str
    fields: dict[str, Any]
    fees: tuple[Tariff, ...] | None  # None: the sheet does not say


@dataclass(frozen=True)
class Known:
    """What is there at the mall, read at once."""

    presences: dict[str, Presence]
    queues: dict[tuple[int, str], Queue]
    services: dict[Key, Service]
    fees: dict[int, tuple[Tariff, ...]]
    standards: set[int]  # services of which a version of a standard exists


_BY_NAME = {column.name: column for column in COLUMNS}


def judge(mall: Mall, sheet: Sheet) -> Plan:
    """What the sheet would add and change at the mall, and what is wrong in it."""
    problems: list[Problem] = []
    said = set(sheet.columns)
    wanted = [_wanted(Cells(row, _BY_NAME, problems), said) for row in sheet.rows]
    known = _known(mall)
    problems += repeated([(each.row, each.key) for each in wanted], TITLES["code"])
    for each in wanted:
        problems += _strange(each, known)
    if problems:
        return Plan(problems=sorted(problems))
    steps = [_step(each, known) for each in wanted]
    for step, each in zip(steps, wanted, strict=True):
        problems += _governed(step, each, known)
    if problems:
        return Plan(problems=sorted(problems))
    touched = {step.row for step in steps if step.fate != Fate.SAME}
    rows_to_write = [each for each in wanted if each.row in touched]
    return Plan(steps, write=lambda by, now: _write(mall, rows_to_write, known, by, now))


def _wanted(cells: Cells, said: set[str]) -> Wanted:
    fields: dict[str, Any] = {
        "name": cells.text("name", most=120),
        "name_en": cells.text("name_en", most=120),
        "minutes": cells.read("minutes", _minutes, 1),
        "keywords": list(cells.read("keywords", parts, ())),
        "requirements": cells.read("requirements", entries, []),
        "procedure": list(cells.read("procedure", lines, ())),
        "booked_with": cells.text("booked_with", most=60),
        "booked_at": cells.read("booked_at", _address, ""),
        "is_active": cells.read("is_active", yes, True),
    }
    for name, most in PLAIN.items():
        fields[name] = cells.text(name, most=most)
    if bool(fields["booked_with"]) != bool(fields["booked_at"]):
        cells.wrong("booked_at", _("Isi nama dan alamat reservasinya, keduanya."))
    return Wanted(
        cells.row.number,
        (cells.read("agency", slug, ""), cells.read("code", code, "")),
        cells.text("queue", most=2).upper(),
        {name: value for name, value in fields.items() if name in said},
        cells.read("fees", _fees, ()) if "fees" in said else None,
    )


def _minutes(text: str) -> int:
    found = whole(text)
    if not 1 <= found <= 240:
        raise Unclear(_("Tulis 1 sampai 240."))
    return found


def _address(text: str) -> str:
    try:
        Service._meta.get_field("booked_at").run_validators(text)
    except ValidationError as fault:
        raise Unclear(" ".join(fault.messages)) from fault
    return text


def _fees(text: str) -> tuple[Tariff, ...]:
    found = []
    for line in lines(text):
        name, bar, amount = line.rpartition(":")
        found.append((name.strip()[:120], rupiah(amount)) if bar else (line[:120], None))
    return tuple(found)


def _known(mall: Mall) -> Known:
    presences = Presence.objects.filter(mall=mall).select_related("agency")
    services = Service.objects.filter(presence__mall=mall).select_related("presence__agency")
    fees: dict[int, tuple[Tariff, ...]] = {}
    tariffs = Fee.objects.filter(service__in=services, variant=None).order_by("rank", "pk")
    for service_id, name, amount in tariffs.values_list("service", "name", "amount"):
        fees[service_id] = (*fees.get(service_id, ()), (name, amount))
    begun = Standard.objects.filter(service__in=services)
    return Known(
        {row.agency.slug: row for row in presences},
        {(each.presence_id, each.letter): each for each in Queue.objects.filter(mall=mall)},
        {(each.presence.agency.slug, each.code): each for each in services},
        fees,
        set(begun.values_list("service", flat=True)),
    )


def _strange(wanted: Wanted, known: Known) -> Iterable[Problem]:
    presence = known.presences.get(wanted.key[0])
    if presence is None:
        sentence = _("Instansi ini belum hadir di mal ini. Impor instansinya dahulu.")
        yield Problem(wanted.row, TITLES["agency"], sentence)
    elif (presence.pk, wanted.letter) not in known.queues:
        sentence = _("Instansi ini tidak punya antrean %(letter)s di mal ini.")
        yield Problem(wanted.row, TITLES["queue"], sentence % {"letter": wanted.letter})


def _step(wanted: Wanted, known: Known) -> Step:
    service = known.services.get(wanted.key)
    if service is None:
        return Step(wanted.row, Fate.NEW, wanted.fields["name"])
    aims = wanted.fields | {"queue_id": _queue_id(wanted, known)}
    changed = [name for name in aims if _shown(service, name) != aims[name]]
    if wanted.fees is not None and known.fees.get(service.pk, ()) != wanted.fees:
        changed.append("fees")
    values = aims | {"fees": wanted.fees}
    titles = [
        emptied(name, values[name], TITLES | {"queue_id": TITLES["queue"]}) for name in changed
    ]
    return Step(wanted.row, Fate.CHANGED if titles else Fate.SAME, service.name, tuple(titles))


def _shown(service: Service, name: str) -> Any:
    """What a service says, in the form a sheet says it."""
    if name != "requirements":
        return getattr(service, name)
    return [
        {"text": each.text, "note": each.note} for each in requirements_of(service.requirements)
    ]


def _queue_id(wanted: Wanted, known: Known) -> int:
    return known.queues[known.presences[wanted.key[0]].pk, wanted.letter].pk


def _governed(step: Step, wanted: Wanted, known: Known) -> Iterable[Problem]:
    service = known.services.get(wanted.key)
    if service is None or service.pk not in known.standards:
        return
    sentence = _("Layanan ini punya standar; ubah melalui versi standar berikutnya.")
    for name in (*GOVERNED, "fees"):
        if any(title.startswith(TITLES[name]) for title in step.changes):
            yield Problem(step.row, TITLES[name], sentence)


def _write(mall: Mall, wanted: list[Wanted], known: Known, by: User, now: datetime) -> None:
    # Whoever begins or publishes a standard meanwhile waits in line here, or we for them.
    rows = Service.objects.select_for_update(no_key=True, of=("self",))
    kept = [service.pk for service in known.services.values()]
    list(rows.filter(pk__in=kept).order_by("pk").values_list("pk", flat=True))
    begun = set(
        Standard.objects.filter(service__presence__mall=mall).values_list(
            "service__presence__agency__slug", "service__code"
        )
    )
    free = [each for each in wanted if each.key not in begun]
    _upsert([each for each in wanted if each.key in begun], known, REGISTER)
    priced = [
        (service, each.fees)
        for service, each in zip(_upsert(free, known, (*REGISTER, *GOVERNED)), free, strict=True)
        if each.fees is not None
    ]
    Fee.objects.filter(service__in=[service for service, _fees in priced], variant=None).delete()
    Fee.objects.bulk_create(
        Fee(service=service, name=name, amount=amount, rank=rank)
        for service, fees in priced
        for rank, (name, amount) in enumerate(fees)
    )
    promises.keep_up({known.presences[each.key[0]].pk for each in wanted}, by=by, now=now)
    record.write("services.imported", mall.pk, mall_id=mall.pk, by=by, now=now)


def _upsert(wanted: list[Wanted], known: Known, written: Collection[str]) -> list[Service]:
    """Write services; of one that is there, only what the sheet says and may say."""
    said = {"queue", *(name for each in wanted for name in each.fields)}
    return Service.objects.bulk_create(
        [
            Service(
                presence=known.presences[each.key[0]],
                code=each.key[1],
                queue_id=_queue_id(each, known),
                **each.fields,
            )
            for each in wanted
        ],
        update_conflicts=True,
        unique_fields=["presence", "code"],
        update_fields=sorted(said.intersection(written)),
    )


def rows(mall: Mall) -> list[list[object]]:
    """The services of the mall as the sheet has them."""
    known = _known(mall)
    letters = {queue.pk: queue.letter for queue in known.queues.values()}
    return [
        [_cell(service, column.name, agency, letters, known) for column in COLUMNS]
        for (agency, _code), service in sorted(known.services.items())
    ]


def _cell(
    service: Service, name: str, agency: str, letters: dict[int, str], known: Known
) -> object:
    match name:
        case "agency":
            return agency
        case "queue":
            return letters[service.queue_id]
        case "keywords":
            return ", ".join(map(str, service.keywords))
        case "requirements":
            shown = _shown(service, name)
            return "\n".join(" | ".join(filter(None, each.values())) for each in shown)
        case "procedure":
            return "\n".join(map(str, service.procedure))
        case "fees":
            tariffs = known.fees.get(service.pk, ())
            return "\n".join(
                label if amount is None else f"{label}: {amount:.0f}" for label, amount in tariffs
            )
        case "is_active":
            return _("Ya") if service.is_active else _("Tidak")
        case _:
            return getattr(service, name)


KIND = Kind("layanan", gettext_lazy("Layanan"), COLUMNS, judge, rows)
