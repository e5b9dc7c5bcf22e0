"""People who read and write agreements, and the pages on which they do."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from model_bakery import baker
from reportlab.pdfgen.canvas import Canvas

from accounts.models import User
from accounts.roles import Role
from agencies.models import AgreementFile, Assignment, Ceremony
from core import memo, uploads
from core.models import Kind
from onboarding.agreements import drafting, register, scans
from onboarding.agreements.register import Signatory, Signing
from tests.onboarding.agreements.recipes import ON, document, promise
from tests.recipes import at


def person(role, mall=None, agency=None):
    """Somebody with a role, for an agency at a mall, for a mall or for the nation."""
    user = User.objects.create_user(f"orang-{uuid4().hex[:8]}", password=None)
    baker.make(Assignment, user=user, role=role, mall=mall, agency=agency)
    memo.clear_all()
    return user


def admin_of(hall):
    return person(Role.MALL_ADMIN, hall.mall)


def url(name, hall, *args):
    return reverse(name, args=[hall.mall.slug, *args])


def drafted(hall, *promised, **extra):
    """A draft of the hall's mall."""
    what = document(*promised, **extra)
    return register.draft(hall.mall, what, by=hall.officer, now=at(8))


def seen(draft, form):
    """What somebody types into a page of a draft that they opened just now."""
    names = drafting.names_of(drafting.document_of(draft))
    return {f"seen-{part}": name for part, name in names.items()} | form


def scan(name="naskah.pdf"):
    """A PDF of one page, as somebody sends it."""
    file = SimpleUploadedFile(name, b"", "application/pdf")
    canvas = Canvas(file)
    canvas.drawString(100, 700, "Naskah")
    canvas.save()
    file.seek(0)
    return file


def agreed(hall):
    """A draft with a scan, and a memorandum signed at a ceremony with its minutes."""
    accepted = uploads.accept(scan(), kinds=[Kind.PDF])
    draft = drafted(hall, promise(hall.presence, hall.counter, 0))
    scans.attach(draft, accepted, title="Naskah", now=at(8))
    sides = (None, hall.presence.agency_id)
    parties = tuple(Signatory(each, "1", "Budi", "Kepala") for each in sides)
    memorandum = drafted(hall, kind="memorandum", parties=parties)
    signing = Signing(ON, "Aula", present=("Wali Kota",))
    held = register.sign([memorandum], signing, by=hall.officer, now=at(8))
    register.keep_minutes(held, accepted, now=at(8))


def of_agreements():
    """What the pages about agreements need in their addresses."""
    file, held = AgreementFile.objects.earliest("pk"), Ceremony.objects.filter(kind="signing")
    return {"draft": file.agreement_id, "scan": file.pk, "held": held.earliest("pk").pk}
