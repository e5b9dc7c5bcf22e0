"""Standards for tests: a whole content, people who write and review it, and a published one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from services import pledges, standards
from services.components import Content, Fee, Requirement, Variant
from services.models import Standard
from services.pledges import Wording
from services.standards import Decree
from tests.recipes import at

DECREE = Decree("500/12/2026", date(2026, 3, 2), "Nama Contoh", "Kepala Dinas")
TEN_YEARS = Variant(
    "10 tahun",
    (Requirement("Akta kelahiran", "Asli"),),
    "5 hari kerja",
    (Fee("Penerbitan", Decimal(650_000)),),
)
WHOLE = Content(
    requirements=(Requirement("KTP-el", "Asli"), Requirement("Kartu Keluarga")),
    procedure=("Ambil nomor.", "Serahkan berkas."),
    completion_time="3 hari kerja",
    fees=(Fee("Penerbitan", Decimal(350_000)), Fee("Denda", None)),
    fee_basis="PP 45/2024",
    product="Paspor",
    complaint_channel="meja pengaduan",
    legal_basis=("UU 6/2011",),
    facilities=("Ruang tunggu",),
    competence=("Terlatih",),
    supervision=("Atasan langsung",),
    staff=("2 petugas",),
    guarantee=("Sesuai standar",),
    safety=("Data dirahasiakan",),
    evaluation=("Survei setahun sekali",),
)
PROMISE = Wording(
    sentences=("Kami melayani setara.", "Kami tidak memungut biaya lain."),
    signatory="Nama Contoh",
    position="Kepala DPMPTSP",
    place="Cikarang",
    signed_on=date(2026, 3, 2),
)
WITH_VARIANT = replace(WHOLE, variants=(TEN_YEARS,))


def writer(presence, role=Role.AGENCY_ADMIN) -> User:
    """Somebody who writes standards: of the agency, or of the whole mall."""
    user = User.objects.create_user(f"penyusun-{uuid4().hex[:8]}")
    agency = presence.agency if role == Role.AGENCY_ADMIN else None
    baker.make(Assignment, user=user, role=role, mall=presence.mall, agency=agency)
    return user


def drafted(service, content=WHOLE, *, by, now=None) -> Standard:
    row = standards.draft(service, by=by, now=now or at(8))
    known = standards.seen(row)
    standards.save(row, content, known=known, by=by, now=now or at(8))
    row.refresh_from_db()
    return row


def submitted(service, content=WHOLE, *, by, now=None) -> Standard:
    row = drafted(service, content, by=by, now=now)
    standards.submit(row, by=by, now=now or at(8, 10))
    row.refresh_from_db()
    return row


def published(service, content=WHOLE, *, by, reviewer, now=None, decree=DECREE) -> Standard:
    row = submitted(service, content, by=by, now=now)
    known = standards.seen(row)
    standards.publish(row, decree, known=known, by=reviewer, now=now or at(8, 30))
    row.refresh_from_db()
    return row


def papers_of(hall) -> None:
    """A standard in force and one in review, and the pledges of the mall and its agency."""
    author, reviewer = writer(hall.presence), writer(hall.presence, Role.MALL_ADMIN)
    published(hall.service, by=author, reviewer=reviewer)
    submitted(hall.service, by=author)
    for presence in (None, hall.presence):
        pledges.save(hall.mall, presence, PROMISE, by=reviewer, now=at(8))
        pledges.publish(hall.mall, presence, by=reviewer, now=at(8))


def of_papers():
    """What the pages about standards and pledges need in their addresses."""
    return {"number": 1, "size": "a4"}
