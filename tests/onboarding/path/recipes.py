"""Malls on their way, for the tests of onboarding."""

from datetime import date, time
from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from model_bakery import baker
from PIL import Image

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment, Counter, CounterDay, Mall, OpeningHours, Region
from core import memo, uploads
from core.models import Kind
from onboarding.models import CoachNote, Milestone, Task
from onboarding.path import coaching, preparing, way
from onboarding.states import Act, Half, Stage
from tests.recipes import MONDAY, at, make_presence

NOON = at(12)
AGO = date(2020, 3, 10)


def region(name="Kabupaten Uji", code=None, province="Jawa Barat"):
    return baker.make(
        Region, name=name, code=code or f"32.{Region.objects.count() + 10:02d}", province=province
    )


def somebody(role=Role.MALL_ADMIN, mall=None):
    user = User.objects.create_user(f"orang-{uuid4().hex[:8]}", password=None)
    baker.make(Assignment, user=user, role=role, mall=mall, agency=None)
    memo.clear_all()
    return user


def coach():
    return somebody(Role.MINISTRY_MONITOR)


def committed(*regions, by=None, held_on=AGO, now=NOON, **what):
    occasion = {"title": "Komitmen", "place": "Jakarta", "present": ["Menteri PANRB"]}
    known = {**occasion, "document": None, **what}
    return way.commit(regions or [region()], held_on=held_on, by=by or coach(), now=now, **known)


def mall_at(stage, **fields):
    """A mall that stands in a stage, without a way there."""
    if stage == Stage.SUSPENDED:
        fields |= {"suspended_from": MONDAY, "suspended_for": "Banjir"}
    here = fields.pop("region", None) or region()
    return baker.make(
        Mall,
        region=here,
        slug=f"mpp-{uuid4().hex[:8]}",
        short_name=fields.pop("short_name", "MPP Uji"),
        name="Mal Pelayanan Publik Uji",
        organiser="DPMPTSP Uji",
        stage=stage,
        place_name="Gedung Lama",
        address="Jalan Lama 1",
        **fields,
    )


def furnish(mall, *, weekday=0, since=date(2000, 1, 1)):
    """Let something of the mall be able to open: hours, and a counter with an agency."""
    hours = {"opens": time(8), "closes": time(15)}
    OpeningHours.objects.create(mall=mall, weekday=weekday, from_date=since, **hours)
    counter = baker.make(Counter, mall=mall, number="1")
    return CounterDay.objects.create(
        counter=counter, presence=make_presence(mall), weekday=weekday, from_date=since
    )


def record(mall, act, *, by=None, on=MONDAY, now=NOON, **what):
    """Record an act with what it needs."""
    needs = {
        Act.MOVE: {"moved_to": way.Place("Gedung Baru", "Jalan Baru 2")},
        Act.SUSPEND: {"reason": "Banjir"},
    }
    return way.record(
        mall, act, on=on, by=by or somebody(mall=mall), now=now, **(needs.get(act, {}) | what)
    )


def acts_of(mall):
    return list(Milestone.objects.filter(mall=mall).order_by("pk").values_list("act", flat=True))


def scan(name="naskah.png"):
    """A picture as somebody sends it."""
    drawn = BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/png")


def trodden(mall):
    """Let a mall have one of everything: an item with evidence, a document, and a note."""
    accepted = uploads.accept(scan(), kinds=[Kind.PNG])
    by, now = coach(), at(8)
    known = {"by": by, "now": now}
    committed(mall.region, by=by, now=now, document=accepted)
    task = preparing.add(mall, Half.POLICY, "Genset", owner="", due=None, **known)
    preparing.save(task, preparing.Said(evidence=accepted), **known)
    visit = {"visited_on": AGO, "due": None, "task": task, "key": uuid4()}
    coaching.leave(mall, "Papan nama kurang", **visit, **known)


def of_path():
    """What the pages about the way of a mall need in their addresses."""
    return {
        "task": Task.objects.earliest("pk").pk,
        "milestone": Milestone.objects.earliest("pk").pk,
        "note": CoachNote.objects.earliest("pk").pk,
        "happening": "pindah",
        "note_act": "tanya",
    }
