"""What is to be prepared before a mall can open: the standard list, and what a mall adds to it.

Only this module writes tasks. What must be proposed, decreed and provided follows Perpres 89/2021,
PermenPANRB 92/2021 and 15/2014; rooms and aids are those that malls themselves list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Max, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from agencies import opening
from agencies.models import Mall
from core import uploads
from core.errors import Refused
from core.uploads import Accepted
from hall import record
from onboarding.models import Task
from onboarding.states import Half

OWN = 100  # what a mall adds itself comes after the standard list


class Item(NamedTuple):
    """One line of the standard list."""

    half: Half
    name: str | Promise


STANDARD: dict[str, Item] = {
    "surat-usulan": Item(Half.POLICY, gettext_lazy("Surat usulan bupati atau wali kota")),
    "kajian-urgensi": Item(Half.POLICY, gettext_lazy("Kajian urgensi dan kelayakan")),
    "analisis-sarana": Item(
        Half.POLICY, gettext_lazy("Analisis sarana dan prasarana dasar, serta rencana strategis")
    ),
    "daftar-layanan": Item(Half.POLICY, gettext_lazy("Daftar jenis layanan setiap instansi")),
    "peraturan-kepala-daerah": Item(
        Half.POLICY, gettext_lazy("Peraturan kepala daerah tentang penyelenggaraan MPP")
    ),
    "sk-lokasi": Item(Half.POLICY, gettext_lazy("Keputusan tentang lokasi")),
    "sk-penyelenggara": Item(Half.POLICY, gettext_lazy("Keputusan tentang penyelenggara")),
    "sop-petugas": Item(Half.POLICY, gettext_lazy("SOP petugas")),
    "standar-pelayanan": Item(Half.POLICY, gettext_lazy("Standar pelayanan semua layanan")),
    "maklumat": Item(Half.POLICY, gettext_lazy("Maklumat pelayanan")),
    "tata-tertib": Item(Half.POLICY, gettext_lazy("Tata tertib")),
    "loket": Item(Half.FACILITIES, gettext_lazy("Loket dan papan nama layanan")),
    "ruang-tunggu": Item(Half.FACILITIES, gettext_lazy("Ruang tunggu")),
    "mesin-nomor": Item(Half.FACILITIES, gettext_lazy("Mesin nomor antrean")),
    "papan-panggil": Item(Half.FACILITIES, gettext_lazy("Papan dan suara panggilan")),
    "sarana-prioritas": Item(
        Half.FACILITIES, gettext_lazy("Loket dan kursi prioritas untuk lansia dan ibu hamil")
    ),
    "sarana-disabilitas": Item(
        Half.FACILITIES,
        gettext_lazy("Sarana penyandang disabilitas: jalur landai, toilet, kursi roda"),
    ),
    "ruang-laktasi": Item(Half.FACILITIES, gettext_lazy("Ruang laktasi")),
    "ruang-anak": Item(Half.FACILITIES, gettext_lazy("Ruang bermain anak")),
    "sambungan": Item(Half.FACILITIES, gettext_lazy("Sambungan internet dan listrik cadangan")),
    "pengaduan": Item(Half.FACILITIES, gettext_lazy("Tempat dan petugas layanan pengaduan")),
}


class WrongDay(Refused):
    code = "wrong_day"


class ReasonMissing(Refused):
    code = "reason_missing"


class NameTaken(Refused):
    code = "name_taken"


class Standing(TextChoices):
    """How far an item is."""

    OPEN = "open", gettext_lazy("Belum selesai")
    DONE = "done", gettext_lazy("Selesai")
    NOT_NEEDED = "not_needed", gettext_lazy("Tidak diperlukan")


@dataclass(frozen=True)
class Said:
    """What somebody says of an item: whose it is, until when, how far, and what proves it."""

    owner: str = ""
    due: date | None = None
    standing: Standing = Standing.OPEN
    done_on: date | None = None
    note: str = ""
    reason: str = ""
    evidence: Accepted | None = None
    drops_evidence: bool = False


class Progress(NamedTuple):
    """How many items are needed, and how many of them are done or late."""

    needed: int
    done: int
    late: int

    @property
    def left(self) -> int:
        return self.needed - self.done


def lay(mall: Mall) -> int:
    """Lay the standard list for a mall; what of it lies there already is left as it is."""
    known = set(Task.objects.filter(mall=mall).values_list("code", flat=True))
    with override(settings.LANGUAGE_CODE):
        missing = [
            Task(mall=mall, code=code, half=item.half, name=str(item.name), rank=rank)
            for rank, (code, item) in enumerate(STANDARD.items(), start=1)
            if code not in known
        ]
    # Two who lay it at once lay it once: the code is there once per mall.
    Task.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


@transaction.atomic
def add(
    mall: Mall,
    half: Half,
    name: str,
    *,
    owner: str,
    due: date | None,
    by: User,
    now: datetime,
) -> Task:
    """Add an item of the mall's own. Raises NameTaken."""
    Mall.objects.select_for_update().get(pk=mall.pk)
    here = Task.objects.filter(mall=mall)
    if here.filter(name__iexact=name.strip()).exists():
        raise NameTaken(_("Butir itu sudah ada dalam daftar. Beri nama yang membedakannya."))
    rank = here.aggregate(last=Max("rank"))["last"] or 0
    task = Task.objects.create(
        mall=mall,
        half=half,
        name=name.strip(),
        owner=owner.strip(),
        due=due,
        rank=max(rank, OWN) + 1,
    )
    record.write("preparing.added", task.pk, mall_id=mall.pk, by=by, now=now)
    return task


@transaction.atomic
def save(task: Task, said: Said, *, by: User, now: datetime) -> Task:
    """Keep what somebody says of an item; a file that was there stays unless it is dropped.

    Raises WrongDay when it is done in the future, ReasonMissing when it is not needed for nothing.
    """
    task = (
        Task.objects.select_related("mall__region").select_for_update(of=("self",)).get(pk=task.pk)
    )
    today = opening.local_date(now, task.mall.zone)
    is_done, is_needed = said.standing == Standing.DONE, said.standing != Standing.NOT_NEEDED
    if is_done and (said.done_on or today) > today:
        raise WrongDay(_("Tanggal selesai itu belum tiba. Isi hari ini atau sebelumnya."))
    if not is_needed and not said.reason.strip():
        raise ReasonMissing(_("Tulis mengapa butir ini tidak diperlukan di mal Anda."))
    task.owner, task.due, task.evidence_note = said.owner.strip(), said.due, said.note.strip()
    done_on = (said.done_on or today) if is_done else None
    if done_on != task.done_on:
        # Whoever only corrects the rest did not do it.
        task.done_on, task.done_by = done_on, by if is_done else None
    task.is_needed, task.not_needed_for = is_needed, "" if is_needed else said.reason.strip()
    before = task.evidence_id
    if said.evidence is not None:
        task.evidence = uploads.keep(said.evidence, title=task.name, now=now)
    elif said.drops_evidence:
        task.evidence = None
    task.save()
    if task.evidence_id != before:
        uploads.discard(before)
    record.write(
        "preparing.saved", task.pk, mall_id=task.mall_id, by=by, now=now, detail=said.standing
    )
    return task


def standing_of(task: Task) -> Standing:
    """How far an item is."""
    if not task.is_needed:
        return Standing.NOT_NEEDED
    return Standing.OPEN if task.done_on is None else Standing.DONE


def is_late(task: Task, *, on: date) -> bool:
    """Whether it should have been done before that day."""
    return standing_of(task) == Standing.OPEN and task.due is not None and task.due < on


def progress(tasks: Iterable[Task], *, on: date) -> Progress:
    """How far the items are together."""
    rows = [task for task in tasks if task.is_needed]
    done = sum(task.done_on is not None for task in rows)
    return Progress(len(rows), done, sum(is_late(task, on=on) for task in rows))


def name_of(task: Task) -> str:
    """What an item is called: the standard ones in the reader's language, own ones as written."""
    item = STANDARD.get(task.code)
    return str(item.name) if item else task.name
