"""Whatever is sent to whatever address by whomever: an answer, never a fault of ours.

Each row is sent to every address the portal has, by somebody without an account, by somebody who
holds the link of a number, and by the officer whose counter it is.
"""

import logging
from urllib.parse import quote_from_bytes
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from accounts.models import User
from appointments import people
from appointments.models import Application, Booking, Draw
from monitoring.models import Report
from notifications.models import Provider
from notifications.states import Channel
from queueing.models import Ticket, Visit
from queueing.views.desk import ACTS
from tests.appointments.recipes import TUESDAY, apply_for_a_place, book, make_plan
from tests.feedback.recipes import think_and_complain
from tests.onboarding.agreements.agreeing import agreed, of_agreements
from tests.onboarding.path.recipes import of_path, trodden
from tests.onboarding.staff.recipes import KNOWN_TOKEN, somebody_asked
from tests.recipes import at, make_hall
from tests.routes import ROUTES
from tests.services.recipes import of_papers, papers_of
from tests.test_strangers import of_complaints, of_messages, reported, stop_token, told_by_mail

# Counting the lines of thousands of guesses would cost more than the guesses.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="key"\r\n\r\na\r\n--x--\r\n'
TEXTS = {
    "NUL": "\x00",
    "markup": "<script>alert(1)</script>{{7*7}}%s{% debug %}' OR 1=1 --\"",
    "line break and escape": "a\r\nSet-Cookie: a=b\x1b[31m",
    "odd signs": "\u202e\u200b\ufeff😀١٢٣",
    "lone surrogate": "\ud800",
    "long": "9" * 10_000,
    "negative": "-1",
    "beyond 64 bits": str(2**63),
    "not a number": "1e400",
}
FIELDS = (
    *("ticket", "service", "reason", "priority", "username", "password"),
    *("next", "language", "do", "q", "mal", "v", "p", "at", "seen"),
    *("text", "missing", "here", "until", "closure"),
    *("clip", "letak", "instansi"),
    *("papers", "siap", "starts_at", "name", "phone", "nik", "is_for_other"),
    *("code", "tambah", "hapus"),
    *("wishes", "hari"),
    *("channels", "email", "again", "endpoint", "p256dh", "auth", "stop"),
    *("seperti", "dari", "channel", "ke", "to", "price", "is_on", "sender_name"),
    *("quiet_from", "quiet_until", "daily_budget", "subject", "body", "template"),
    *("title", "held_on", "place", "present", "chosen", "on", "place_name", "address", "note"),
    *("document_number", "owner", "due", "standing", "half", "visited_on", "about", "done_on"),
    *("u1", "u9", "age", "sex", "education", "occupation", "kind", "about", "agency"),
    *("role", "until", "counters", "again", "position", "cara"),
    *("masa", "tahun", "signatory", "province", "sampai"),
    *("first", "last", "begins", "from_date", "number", "letter", "daily_quota", "priority_ratio"),
)
QUERIES = {
    "NUL": "q=%00&mal=%00&siap=%00&hari=%00&jam=%00&reservasi=%00&instansi=%00&nomor=%00&hal=%00&keadaan=%00&jenis=%00&v=%00&p=%00&at=%00&seen=%00&next=%00",
    "NUL in figures": "masa=%00&urut=%00&provinsi=%00&unduh=%00&dari=%00&sampai=%00&tahun=%00",
    "figures of no time": "masa=2026-99&urut=-&unduh=x.csv&dari=0001-01&sampai=9999-99&tahun=99999",
    "no text": "q=%ff%fe&mal=%ed%a0%80&next=%u0000&v=%&p=%zz",
    "long": "q=" + "a" * 7_000,
    "many digits": f"nomor={'9' * 5_000}&hal={'9' * 5_000}&hari=9999-12-31",
    "days at the ends of time": "hari=0001-01-01&mulai=0001-01-01&nomor=-1&hal=-1",
    "other people's": "next=//evil.example&user__password__startswith=a&order_by=token&id__in=1,2",
    "many": "&".join(f"a{number}=1" for number in range(300)),
}
HEADERS = {
    "a host that is not ours": {"Host": "evil.example"},
    "a broken host": {"Host": "a b"},
    "only xml": {"Accept": "application/xml"},
    "a charset that is no text": {"Content-Type": f"{PARTS}; charset=hex"},
    "a charset of forms that is no text": {"Content-Type": f"{FORM}; charset=hex"},
    "no boundary": {"Content-Type": "multipart/form-data"},
    "strange ones": {
        "Accept": ";;,*/;q=x",
        "Accept-Language": "\x00,x" * 50,
        "If-None-Match": '"\x00',
        "If-Modified-Since": "Thu, 99 Foo 99999",
        "Referer": "http://[evil",
        "HX-Request": "\x00",
        "HX-Current-URL": "http://[",
        "X-Forwarded-For": "'\"",
        "X-Forwarded-Proto": "x",
    },
}
COOKIES = {
    "NUL in the session": '"\\000aaaaaaaaaaaa"',
    "text in the session": "'; DROP TABLE x",
    "a long session": "a" * 3_000,
}
JSON = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"service": "\xff"}',
    "not an object": b'["service"]',
    "null": b"null",
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 20_000,
    "infinite": b'{"service": 1e400, "finishing": 1e400}',
    "not a number": b'{"service": NaN}',
    "many digits": b'{"service": ' + b"9" * 10_000 + b"}",
    "NUL": b'{"service": "\\u0000", "\\u0000": 1}',
    "lone surrogate": b'{"service": 1, "priority": "\\ud800", "finishing": "\\ud800"}',
    "a name that is a lone surrogate": b'{"service": 1, "\\ud800": 1}',
    "wrong types": b'{"service": {"a": 1}, "priority": [], "finishing": {}}',
    "too much": b'{"service": "' + b"a" * 300_000 + b'"}',
    "a name twice": b'{"service": 1, "service": 2}',
}
METHODS = ("PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "FOO")
# Where it makes no difference whether somebody has a link.
FEWER = pytest.mark.parametrize("client", ["nobody", "officer"], indirect=True)
# Those that also answer htmx with a part of themselves.
LIVE = ("board", "ticket", "kiosk", "kiosk_agency", "desk")


@pytest.fixture(autouse=True)
def _quiet():
    # Each refused request is logged; thousands of them are not worth keeping.
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    hall = make_hall()
    hall.issue(now=at(8, 30))
    hall.call(now=at(8, 31))
    hall.issue(now=at(8, 40))
    make_plan(hall.service)
    book(hall.service, now=at(8, 40))
    apply_for_a_place(hall)
    drawn = {"seed": "b" * 64, "digest": "c" * 64, "drawn_at": at(8, 50), "done_at": at(8, 50)}
    Draw.objects.update(closes_at=at(8, 50), **drawn)
    for channel in (Channel.TEXT, Channel.EMAIL):
        baker.make(Provider, mall=hall.mall, channel=channel, is_on=True)
    told_by_mail(hall.mall)
    baker.make(Provider, mall=hall.mall, channel=Channel.WHATSAPP)
    think_and_complain(hall)
    somebody_asked(hall)
    trodden(hall.mall)
    papers_of(hall)
    agreed(hall)
    reported(hall.mall)
    return hall


@pytest.fixture
def address(hall):
    """The address of a name in ROUTES, here for somebody who waits."""
    waiting = Ticket.objects.select_related("visit").latest("pk")
    values = {
        "slug": hall.mall.slug,
        "service": hall.service.pk,
        "presence": hall.presence.pk,
        "counter": hall.counter.pk,
        "token": waiting.visit.token,
        "reservation": people.link(Booking.objects.latest("pk")),
        "booked": Booking.objects.latest("pk").pk,
        "application": people.link(Application.objects.latest("pk")),
        "day": TUESDAY.isoformat(),
        "act": "panggil",
        "row": 1,
        "address": Provider.objects.latest("pk").address,
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
    return lambda name: reverse(name, args=[values[need] for need in ROUTES[name][0]])


@pytest.fixture(params=("nobody", "citizen", "officer"))
def client(request, hall):
    """Somebody whose browser shows the answer to a fault instead of raising it."""
    client = Client(raise_request_exception=False)
    if request.param == "officer":
        client.force_login(hall.officer)
    elif request.param == "citizen":
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def named(*, answers):
    """The names of the addresses that answer a method; the components are not routed here."""
    place = {"GET": 1, "POST": 2}[answers]
    rows = {name: row for name, row in ROUTES.items() if name != "components"}
    return [name for name, row in rows.items() if set(row[place]) != {405}]


def send(client, method, address, body=b"", *, kind=FORM, **headers):
    headers = {"Idempotency-Key": str(uuid4())} | headers
    kind = headers.pop("Content-Type", kind)
    return client.generic(method, address, body, kind, headers=headers)


def faults(answers):
    """What was answered with a fault; at least something must have been asked."""
    asked = [(what, answer.status_code) for what, answer in answers]
    assert asked
    return [(*what, status) for what, status in asked if status >= 500]


def encoded(text):
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


def test_any_text_in_any_field(client, hall, address):
    places = [address(name) for name in named(answers="POST")]
    places += [reverse("desk_act", args=[hall.counter.pk, act]) for act in ACTS]

    def answers():
        for row, text in TEXTS.items():
            form = "&".join(f"{name}={encoded(text)}" for name in FIELDS)
            for place in places:
                yield (row, place), send(client, "POST", place, f"key={uuid4()}&{form}".encode())

    assert faults(answers()) == []


@FEWER
def test_any_text_as_the_key(client, address):
    places = [address(name) for name in named(answers="POST")]

    assert not faults(
        ((row, place), send(client, "POST", place, f"key={encoded(text)}".encode()))
        for row, text in TEXTS.items()
        for place in places
    )


@FEWER
def test_any_query(client, address):
    places = [(address(name), {}) for name in named(answers="GET")]
    places += [(address(name), {"HX-Request": "true"}) for name in LIVE]

    assert not faults(
        ((row, place), client.get(f"{place}?{query}", headers=headers))
        for row, query in QUERIES.items()
        for place, headers in places
    )


@FEWER
def test_any_header(client, address):
    places = [
        (method, address(name)) for method in ("GET", "POST") for name in named(answers=method)
    ]

    assert not faults(
        ((row, *place), send(client, place[0], place[1], PART, **headers))
        for row, headers in HEADERS.items()
        for place in places
    )


def test_any_cookie(address):
    client = Client(raise_request_exception=False)
    names = (
        *(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME),
        *(settings.LANGUAGE_COOKIE_NAME, "messages"),
    )

    def answers():
        for row, value in COOKIES.items():
            cookie = "; ".join(f"{name}={value}" for name in names)
            for name in named(answers="GET"):
                yield (row, name), client.get(address(name), HTTP_COOKIE=cookie)

    assert faults(answers()) == []


def test_any_json(client, address):
    count = Ticket.objects.count()
    answers = [
        ((row, name), send(client, "POST", address(name), body, kind="application/json"))
        for row, body in JSON.items()
        for name in ("api_tickets", "api_call_next")
    ]

    assert faults(answers) == []
    assert [what for what, answer in answers if "code" not in answer.json()] == []
    assert {answer.status_code for _what, answer in answers} <= {400, 403, 409, 413}
    assert Ticket.objects.count() == count


@pytest.mark.parametrize(
    ("row", "status", "code"),
    [
        ("a name twice", 400, "parse_error"),
        ("deep lists", 400, "parse_error"),
        ("infinite", 400, "parse_error"),
        ("too much", 413, "too_large"),
    ],
)
def test_json_that_is_none_is_said_so(client, address, row, status, code):
    answer = send(client, "POST", address("api_tickets"), JSON[row], kind="application/json")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@FEWER
def test_any_method(client, address):
    assert not faults(
        ((method, name), send(client, method, address(name), b"a=b"))
        for method in METHODS
        for name in ROUTES.keys() - {"components"}
    )


@FEWER
def test_any_part_of_an_address(client, hall):
    slug, places = hall.mall.slug, ("mal", "papan", "mesin", "antrean", "loket", "admin", "static")
    parts = [*(f"/{place}/{{}}/" for place in places), f"/mal/{slug}/layanan/{{}}/"]
    parts += [f"/mesin/{slug}/tiket/{{}}/", f"/loket/{hall.counter.pk}/{{}}/"]
    parts += ["/api/malls/{}/board/", "/api/counters/{}/call-next/"]
    drawn = f"/mal/{slug}/layanan/{hall.service.pk}/undian/{{}}/"
    parts += [
        "/kabar/berhenti/{}/",
        "/kabar/terima/{}/",
        "/permohonan/{}/",
        "/pengaduan/{}/",
        "/petugas/undangan/{}/",
        f"/mal/{hall.mall.slug}/layanan/{{}}/standar.pdf",
        f"/mal/{hall.mall.slug}/maklumat/{{}}.pdf",
        drawn,
        f"{drawn}berkas.json",
    ]

    assert not faults(
        ((row, part), client.get(part.format(encoded(text))))
        for row, text in TEXTS.items()
        for part in parts
    )


def test_any_text_in_the_admin(hall):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("akar"))
    metas = [model._meta for model in admin.site._registry]
    lists = [reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist") for meta in metas]

    def answers():
        for row in ("NUL", "lone surrogate", "beyond 64 bits", "not a number"):
            text = encoded(TEXTS[row])
            for place in lists:
                yield (row, place), client.get(f"{place}?q={text}&o={text}&p={text}")
                yield (row, place, "id"), client.get(f"{place}?id={text}")
                yield (row, place, "change"), client.get(f"{place}{text}/change/")

    assert faults(answers()) == []


@FEWER
@pytest.mark.parametrize("query", ["q=a&q=b", "q=ktp&v=1&q="])
def test_a_name_that_stands_twice_in_a_query_is_refused(client, query):
    assert client.get(f"/cari/?{query}").status_code == 400


def test_a_list_of_the_admin_is_not_filtered_by_what_it_does_not_show(hall):
    client = Client()
    client.force_login(User.objects.create_superuser("akar"))
    token = Visit.objects.latest("pk").token

    for place in ("visit/?token", "ticket/?visit__token"):
        answer = client.get(f"/admin/queueing/{place}__startswith={token[:3]}")
        assert answer.status_code == 400
    assert client.get("/admin/queueing/ticket/?state__exact=1").status_code == 200
    assert client.get("/admin/queueing/queueday/?date__year=2026").status_code == 200
