"""Who gets what at each address of the portal; an address without a row here is a failure.

Every address is asked by the five who matter: nobody in particular, an officer of another
agency, an admin of another mall, the ministry, and the officer whose counter it is.
"""

from copy import copy
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.contrib import admin
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import (
    Agreement,
    AgreementFile,
    Assignment,
    Ceremony,
    ContactPerson,
    Counter,
    CounterDay,
    Mall,
    Party,
    Term,
)
from appointments import people
from appointments.models import Application, ApplicationEvent, Booking, BookingEvent, Draw, Slot
from core import memo
from feedback import sealing
from feedback.models import Complaint, ComplaintEvent, Opinion
from hall.models import Alarm, Closure, HallEvent
from monitoring.models import Day, Kind, Month, Report, ReportEvent
from monitoring.states import State as Ready
from notifications import contacts
from notifications.contacts import Reach
from notifications.models import (
    Consent,
    Contact,
    Message,
    Messaging,
    Provider,
    Receipt,
    Stop,
    Subscription,
    Wording,
)
from notifications.states import Channel, Lane, State
from onboarding.models import CoachNote, Invitation, Location, Milestone, Task
from queueing import tickets
from queueing.models import Desk, Note, Shortfall, Ticket, TicketEvent, Visit
from queueing.views.desk import ACTS
from services.models import Fee, Pledge, Service, Standard, Variant
from tests.appointments.recipes import apply_for_a_place, book, make_plan
from tests.feedback.recipes import think_and_complain
from tests.onboarding.agreements.agreeing import agreed, of_agreements
from tests.onboarding.path.recipes import of_path, trodden
from tests.onboarding.staff.recipes import KNOWN_TOKEN, somebody_asked
from tests.recipes import at, make_hall, make_officer, make_presence, ticket
from tests.routes import FOR_EVERYBODY, FOR_MINISTRY, ROUTES, STAFF_ONLY
from tests.services.recipes import of_papers, papers_of

pytestmark = pytest.mark.django_db

ACTORS = ("nobody", "other officer", "other admin", "ministry", "own officer")
# What a stranger must not change.
WATCHED = (
    *(Ticket, TicketEvent, Desk, Visit, Note, Shortfall, Closure, Alarm),
    *(Mall, Counter, Service, Assignment),
    *(Standard, Variant, Fee, Pledge),
    *(Booking, BookingEvent, Slot, Application, ApplicationEvent, Draw),
    *(Message, Provider, Receipt, Stop, Contact, Consent, Subscription),
    *(Messaging, Wording, HallEvent),
    *(Complaint, ComplaintEvent, Opinion),
    *(Invitation, ContactPerson),
    *(Milestone, Location, Task, CoachNote, Ceremony),
    *(Agreement, Party, Term, AgreementFile, CounterDay),
    *(Day, Month, Report, ReportEvent),
)


def names(patterns=None):
    """The names of all addresses outside the admin."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        elif isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            yield from names(pattern.url_patterns)


@pytest.fixture
def hall():
    hall = make_hall()
    hall.issue(now=at(8, 30))
    make_plan(hall.service)
    book(hall.service, now=at(8, 30))
    apply_for_a_place(hall)
    baker.make(Provider, mall=hall.mall, channel=Channel.WHATSAPP)
    told_by_mail(hall.mall)
    think_and_complain(hall)
    somebody_asked(hall)
    trodden(hall.mall)
    papers_of(hall)
    agreed(hall)
    reported(hall.mall)
    return hall


def reported(mall):
    """A report that is ready and has not been sent."""
    frozen = {"state": Ready.READY, "checksum": "0" * 64, "definitions": 1, "built_at": at(8)}
    month = {"kind": Kind.MONTH, "first": date(2026, 2, 1), "version": 1}
    Report.objects.create(mall=mall, asked_at=at(8), **month, **frozen)


def told_by_mail(mall):
    """Somebody who gets e-mail, of which one letter went nowhere."""
    reach = Reach(email="siti@contoh.id", channels=frozenset({Channel.EMAIL}))
    contact = contacts.add(mall.pk, reach, how=Consent.How.FORM, now=at(8))
    times = {"created_at": at(8), "due_at": at(8), "not_after": at(12), "ended_at": at(8)}
    end = {"state": State.DEAD, "reason": "mati", "leased_until": None, **times}
    named = {"kind": "ticket_called", "lane": Lane.CALLS, "channel": Channel.EMAIL}
    baker.make(Message, mall=mall, contact=contact, **named, **end)


def of_messages():
    """What the pages about messages need in their addresses."""
    dead = Message.objects.filter(state=State.DEAD).earliest("pk")
    return {"sent": dead.pk, "channel": "surel", "kind": "code", "language": "id"}


def of_complaints():
    """What the pages about complaints need in their addresses."""
    row = Complaint.objects.latest("pk")
    return {"complaint": row.pk, "complained": sealing.link(row), "complaint_act": "ambil"}


@pytest.fixture
def actor(hall):
    def make(who):
        if who == "other officer":
            return make_officer(make_presence(hall.mall, "Instansi lain"))
        if who == "other admin":
            other = make_hall(slug="mpp-lain")
            return appoint(Role.MALL_ADMIN, mall=other.mall)
        if who == "ministry":
            return appoint(Role.MINISTRY_MONITOR)
        return hall.officer if who == "own officer" else None

    return make


def appoint(role, **place):
    user = User.objects.create_user(f"orang-{uuid4().hex[:6]}", is_staff=True)
    baker.make(Assignment, user=user, role=role, agency=None, **place)
    return user


def ask(client, method, name, hall, *, act="istirahat", **form):
    # The hall stays the same: what its addresses need is looked up once.
    if "values" not in hall.extra:
        hall.extra["values"] = values_of(hall)
    values = hall.extra["values"] | {"act": act}
    address = reverse(name, args=[values[each] for each in ROUTES[name][0]])
    memo.clear_all()
    with time_machine.travel(at(9), tick=False):
        if method == "get":
            return client.get(address)
        if name.startswith("api_"):
            body = {"service": hall.service.pk} if name == "api_tickets" else {}
            headers = {"Idempotency-Key": str(uuid4())}
            return client.post(address, body, "application/json", headers=headers)
        return client.post(address, {"key": uuid4(), "priority": 0, **form})


def values_of(hall):
    """What may stand in an address of the hall."""
    return {
        "slug": hall.mall.slug,
        "service": hall.service.pk,
        "presence": hall.presence.pk,
        "counter": hall.counter.pk,
        "token": Visit.objects.first().token,
        "reservation": people.link(Booking.objects.first()),
        "application": people.link(Application.objects.first()),
        "day": "2026-03-10",
        "booked": Booking.objects.first().pk,
        "row": 1,
        "address": Provider.objects.first().address,
        "signed": stop_token(),
        "invited": KNOWN_TOKEN,
        "sheet": "instansi",
        "resting": "loket",
        "form": "csv",
        "dataset": "kunjungan",
        "month": "2026-02",
        "report": Report.objects.latest("pk").pk,
        "report_act": "terima",
        **of_messages(),
        **of_complaints(),
        **of_agreements(),
        **of_path(),
        **of_papers(),
    }


def stop_token():
    """The last part of the link in an e-mail, of the first who got one."""
    contact = Contact.objects.exclude(email_index="").earliest("pk")
    return contacts.stop_link(contact, Channel.EMAIL).split("/")[-2]


def picture():
    """Everything a stranger must not change: all columns of all rows."""
    with connection.cursor() as cursor:
        return [rows_in(cursor, model._meta) for model in WATCHED]


def rows_in(cursor, meta):
    cursor.execute(f"SELECT * FROM {meta.db_table} ORDER BY {meta.pk.column}")
    return cursor.fetchall()


def test_every_address_has_a_row():
    known = set(names())

    assert known - set(ROUTES) == set()
    assert set(ROUTES) - known <= {"components"}  # only routed while debugging


@pytest.mark.parametrize("who", ACTORS)
def test_each_gets_the_answer_of_the_row(hall, actor, who):
    user, wrong = actor(who), {}
    signed_in = Client()
    if user:
        signed_in.force_login(user)
    before = picture()

    # Each address meets the same hall: whatever is done to it there is taken back.
    for name in sorted(set(ROUTES) - {"components"}):
        cache.clear()
        with transaction.atomic():
            client = Client(raise_request_exception=False)
            client.cookies = copy(signed_in.cookies)
            if found := list(differences(client, hall, name, who, before)):
                wrong[name] = found
            transaction.set_rollback(True)

    assert wrong == {}
    assert picture() == before


def differences(client, hall, name, who, before):
    """In what an address does not answer as its row says, or changes what it must not."""
    _needs, by_get, by_post = ROUTES[name]
    place = ACTORS.index(who)

    read = ask(client, "get", name, hall)
    if picture() != before:
        yield "GET changed something"
    written = ask(client, "post", name, hall)

    if read.status_code != by_get[place]:
        yield f"GET answered {read.status_code}"
    if written.status_code != by_post[place]:
        yield f"POST answered {written.status_code}"
    led_to = getattr(read, "url", "")
    if who == "nobody" and by_get == STAFF_ONLY and not led_to.startswith(reverse("login")):
        yield f"GET led to {led_to}"
    allowed = FOR_EVERYBODY | (FOR_MINISTRY if who == "ministry" else set())
    if name not in allowed and who != "own officer" and picture() != before:
        yield "POST changed something"


@pytest.mark.parametrize("who", ACTORS[:-1])
def test_no_stranger_moves_anything_at_a_counter(client, hall, actor, who):
    first = hall.call()
    hall.act(tickets.serve, first)
    user = actor(who)
    if user:
        client.force_login(user)
    before = picture()
    form = {"ticket": first, "service": hall.service.pk, "reason": 1, "until": "15"}
    form |= {"text": "Lanjut ke loket 9", "missing": "KTP-el"}

    answers = {act: ask(client, "post", "desk_act", hall, act=act, **form) for act in ACTS}

    refused = 302 if user is None else 404
    assert {act: answer.status_code for act, answer in answers.items()} == dict.fromkeys(
        ACTS, refused
    )
    assert picture() == before


@pytest.mark.no_cover  # hundreds of pages of the admin, each the same lines
@pytest.mark.parametrize("who", ACTORS)
def test_the_admin_opens_to_none_of_them_what_lies_in_this_mall(client, hall, actor, who):
    hall.call()
    user = actor(who)
    if user:
        client.force_login(user)
    before, rows = picture(), rows_of(hall)
    # Whoever may not enter is sent to the sign-in, and from there nowhere.
    allowed = {200} if user is None else {403, 404}

    for model in admin.site._registry:
        row = rows.get(model)
        pages = [("changelist", []), ("add", [])]
        pages += [(page, [row.pk]) for page in ("change", "delete", "history") if row]
        for page, args in pages:
            meta = model._meta
            address = reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)
            for answer in (
                client.get(address, follow=True),
                client.post(address, {"post": "yes"}, follow=True),
            ):
                own = {200} if who == "other admin" and not args else set()
                assert answer.status_code in allowed | own, (address, answer.status_code)
                if answer.status_code == 200 and user is None:
                    assert answer.request["PATH_INFO"] == reverse("login")
                elif answer.status_code == 200 and page == "changelist":
                    assert row not in answer.context["cl"].queryset
    assert picture() == before


def rows_of(hall):
    """One row of each model that belongs to the mall."""
    event = TicketEvent.objects.first()
    rows = [hall.mall, hall.presence, hall.counter, hall.queue, hall.service, hall.officer]
    rows += [event, event.ticket, event.ticket.day, event.ticket.visit]
    rows += [hall.mall.board, Desk.objects.get(counter=hall.counter)]
    rows += [hall.mall.region, hall.presence.agency, Assignment.objects.get(user=hall.officer)]
    rows += [hall.counter.counter_queues.first()]
    return {type(row): row for row in rows}


@pytest.mark.parametrize(
    "token",
    ["", "a", "x" * 22, "../../admin", "%00", "A" * 500],
    ids=lambda token: token[:6] or "-",
)
def test_a_guessed_link_opens_nothing(client, hall, token):
    for part in ("", "manifest.json", "pegang/", "batal/", "kembali/", "kabar/", "kabar/peranti/"):
        for answer in (
            client.get(f"/antrean/{token}/{part}"),
            client.post(f"/antrean/{token}/{part}"),
        ):
            assert answer.status_code in {404, 405}


@pytest.mark.parametrize("pk", [0, 999_999, 2**31, 2**63, 10**30])
def test_numbers_that_are_nobodys_do_not_exist(client, hall, pk):
    client.force_login(hall.officer)
    slug = hall.mall.slug
    for path in (
        f"/loket/{pk}/",
        f"/mal/{slug}/layanan/{pk}/",
        f"/mesin/{slug}/instansi/{pk}/",
        f"/mesin/{slug}/layanan/{pk}/",
    ):
        assert client.get(path).status_code == 404
    body = {"ticket": pk, "key": uuid4()}
    with time_machine.travel(at(9), tick=False):
        assert client.post(f"/loket/{hall.counter.pk}/layani/", body).status_code == 404


def test_the_own_officer_works_where_strangers_may_not(client, hall):
    client.force_login(hall.officer)

    assert ask(client, "post", "desk_act", hall, act="panggil").status_code == 302
    assert ticket(Ticket.objects.get().pk).counter_id == hall.counter.pk
