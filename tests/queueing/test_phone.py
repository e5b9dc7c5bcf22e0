"""The ticket on a phone: what it explains, what it promises, what it weighs."""

import gzip
import json
import re
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.urls import reverse
from model_bakery import baker

from agencies.models import Mall
from core.proof import Scope
from hall import announcements
from queueing import forecasts, invariants, sweeps, tickets
from queueing.models import Forecast, TicketEvent, Visit
from queueing.states import Move, State
from tests.queueing.pages import act, page_of, text
from tests.queueing.phones import paper, see
from tests.recipes import at, key, make_hall, ticket

pytestmark = pytest.mark.django_db
WEIGHT = 56_000  # bytes: what stays of 60 kB when every answer has a head of 250 bytes


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall(counters=2)


# --- What the house says ---------------------------------------------------------------------


@pytest.fixture
def said(hall):
    return announcements.say(
        hall.mall,
        "Lift sedang diperbaiki.",
        text_en="The lift is being repaired.",
        ends_at=at(10),
        on_boards=False,
        on_phones=True,
        by=hall.officer,
        now=at(9),
    )


def test_an_announcement_is_on_the_phones_of_those_who_wait_until_its_end(hall, client, said):
    pk = hall.issue()
    assert "Lift sedang diperbaiki." in text(see(client, pk))
    assert "The lift is being repaired." not in text(see(client, pk))

    assert "Lift" not in text(see(client, pk, now=at(10)))
    announcements.withdraw(said, by=hall.officer, now=at(9, 30))
    assert "Lift" not in text(see(client, pk, now=at(9, 30)))


def test_an_announcement_is_in_the_language_of_the_page(hall, client, said):
    client.cookies["mpp_language"] = "en"

    assert "The lift is being repaired." in text(see(client, hall.issue()))


def test_an_announcement_for_boards_only_is_on_no_phone(hall, client, said):
    said.on_boards, said.on_phones = True, False
    said.save()

    assert "Lift" not in text(see(client, hall.issue()))


def test_somebody_called_has_nothing_else_to_read(hall, client, said):
    hall.issue()

    assert "Lift" not in text(see(client, hall.call()))


# --- A number of a machine -------------------------------------------------------------------


def test_a_number_still_being_printed_asks_to_be_held_first(hall, client):
    said = text(client.get(page_of(paper(hall))))

    assert "A - 001 Pegang dahulu nomor ini" in said
    assert "paling lambat pukul 09.02 WIB" in said
    assert "Saya sudah memegang nomor ini" in said
    assert "orang di depan" not in said


def test_whoever_holds_it_says_so_and_it_counts(hall, client):
    pk = paper(hall)

    response = act(client, "ticket_confirm", pk)

    assert (response.status_code, response["Location"]) == (302, page_of(pk))
    assert ticket(pk).state == State.WAITING
    assert "Anda berikutnya" in text(client.get(page_of(pk)))
    assert [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


def test_a_double_tap_confirms_once(hall, client):
    pk, one = paper(hall), key()

    answers = [act(client, "ticket_confirm", pk, one).status_code for _tap in range(2)]

    assert answers == [302, 302]
    assert TicketEvent.objects.filter(move=Move.CONFIRM).count() == 1


def test_a_number_the_machine_has_confirmed_already_stays_as_it_is(hall, client):
    pk = paper(hall)
    tickets.confirm(pk, now=at(9), key=key())

    assert act(client, "ticket_confirm", pk).status_code == 302
    assert TicketEvent.objects.filter(move=Move.CONFIRM).count() == 1


def test_looking_at_a_number_does_not_confirm_it(hall, client):
    pk = paper(hall)
    token = Visit.objects.get().token

    client.get(page_of(pk))
    client.head(page_of(pk))

    assert client.get(reverse("ticket_confirm", args=[token])).status_code == 405
    assert ticket(pk).state == State.PRINTING


def test_a_number_withdrawn_says_what_happened_and_what_to_do(hall, client):
    pk = paper(hall)
    sweeps.withdraw_unprinted(now=at(9, 3))

    said = text(see(client, pk, now=at(9, 3)))

    assert (
        "Nomor ini sudah ditarik Sampai pukul 09.03 WIB nomor ini tidak dipastikan ada di tangan"
        " Anda, jadi nomor ini tidak akan dipanggil. Silakan ambil nomor baru di mesin antrean."
    ) in said
    assert "Saya sudah memegang" not in said
    assert act(client, "ticket_confirm", pk).status_code == 409
    assert ticket(pk).state == State.WITHDRAWN


# --- Being called ----------------------------------------------------------------------------


def call_of(response):
    found = re.search(r'data-call="(\d+)"', response.content.decode())
    return found and found[1]


def test_each_call_and_recall_has_a_mark_of_its_own(hall, client):
    pk = hall.issue()
    assert call_of(see(client, pk)) is None

    hall.call(now=at(9))
    first = call_of(see(client, pk))
    hall.act(tickets.recall, pk, now=at(9, 1))

    assert first == str(int(at(9).timestamp() * 1000))
    assert call_of(see(client, pk, now=at(9, 1))) == str(int(at(9, 1).timestamp() * 1000))


@pytest.mark.parametrize(("state", "waits"), [("waiting", True), ("called", True), ("done", False)])
def test_only_who_may_be_called_keeps_the_screen_awake(hall, client, state, waits):
    pk = hall.issue()
    if state != "waiting":
        hall.call()
    if state == "done":
        hall.done(pk)

    assert ("data-waits" in see(client, pk).content.decode()) is waits


# --- How well we foretell --------------------------------------------------------------------


@pytest.mark.parametrize("scored", [19, 20])
def test_the_hit_rate_is_said_once_it_says_something(hall, client, scored):
    done = [hall.issue(now=at(8)) for _person in range(scored)]
    for n, pk in enumerate(done):
        spans = {"low_seconds": 60, "middle_seconds": 120, "high_seconds": 300}
        baker.make(
            Forecast,
            ticket_id=pk,
            made_at=at(8),
            low=1,
            high=5,
            is_hit=n > 1,
            waited_seconds=120,
            **spans,
        )
    mine = hall.issue(now=at(8, 1))
    words = "9 dari 10 perkiraan kami tepat minggu ini."

    assert (words in text(see(client, mine))) is (scored >= forecasts.SPOKEN_FROM)


# --- Installed, light, and without a line ----------------------------------------------------


def test_a_ticket_can_be_installed_and_opens_itself(hall, client):
    path = page_of(hall.issue())
    Mall.objects.update(short_name="MPP Uji & Coba")
    page = client.get(path).content.decode()
    address = re.search(r'<link rel="manifest" href="([^"]+)"', page)[1]

    response = client.get(address)

    told = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert "no-store" in response["Cache-Control"]
    assert (told["id"], told["scope"], told["start_url"]) == ("/antrean/", "/antrean/", path)
    assert (told["display"], told["name"]) == ("standalone", "Antrean MPP Uji & Coba")
    assert [icon["sizes"] for icon in told["icons"]] == ["any", "192x192", "512x512"]
    for icon in told["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_a_stranger_installs_nothing(hall, client):
    hall.issue()

    assert client.get("/antrean/xxxxxxxxxxxxxxxxxxxxxx/manifest.json").status_code == 404


def test_the_colours_of_the_manifest_are_those_of_the_tokens(hall, client):
    told = json.loads(client.get(page_of(hall.issue()) + "manifest.json").content)
    tokens = Path(finders.find("css/tokens.css")).read_text()

    assert f"--brand: {told['theme_color']};" in tokens
    assert f"--ground-2: {told['background_color']};" in tokens


def test_the_worker_is_asked_for_anew_each_time_and_governs_tickets_only(client):
    response = client.get("/sw.js")

    assert response["Content-Type"].startswith("application/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert client.post("/sw.js").status_code == 405
    assert 'scope: "/antrean/"' in Path(finders.find("js/ticket.js")).read_text()
    # It shows what was kept; only the page itself keeps something, and only its own picture.
    assert re.findall(r"\.(put|add|addAll)\(", response.content.decode()) == []


def files_of(page):
    """What a browser fetches for a page: what it names, and what its sheets name in turn."""
    named = set(re.findall(r'/static/([^"#?]+\.(?:css|js|svg|woff2))', page))
    for sheet in [name for name in named if name.endswith(".css")]:
        text = Path(finders.find(sheet)).read_text()
        named |= {f"img/{name}" for name in re.findall(r'url\("\.\./img/([^"]+)"\)', text)}
    return sorted({*named, "js/sw.js"})


def zipped(body):
    return len(gzip.compress(body, 9))


def test_the_first_view_of_a_ticket_is_light(hall, client, settings):
    settings.DEBUG = False
    path = page_of(hall.issue())
    page = client.get(path)
    said = [page, client.get(f"{path}manifest.json")]

    files = files_of(page.content.decode())
    weights = {name: zipped(Path(finders.find(name)).read_bytes()) for name in files}

    assert {"css/ticket.css", "js/ticket.js", "font/inter-basic-wght.woff2"} <= set(files)
    assert sum(weights.values()) + sum(zipped(each.content) for each in said) <= WEIGHT, weights


def test_a_ticket_needs_no_letter_beyond_the_small_font(hall, client):
    tokens = Path(finders.find("css/tokens.css")).read_text()
    ranges = re.search(r"unicode-range: ([^;]+);", tokens)[1].split(", ")
    known = set()
    for each in ranges:
        first, _, last = each.removeprefix("U+").partition("-")
        known |= set(range(int(first, 16), int(last or first, 16) + 1))
    pks = [hall.issue() for _person in range(3)]
    hall.call()

    shown = "".join(text(client.get(page_of(pk))) for pk in pks)

    assert {sign for sign in shown if ord(sign) not in known} == set()
