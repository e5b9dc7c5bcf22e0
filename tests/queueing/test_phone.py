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
from core import memo
from core.proof import Scope
from hall import announcements, closures, record
from hall.models import Closure
from queueing import desks, forecasts, invariants, sweeps, tickets
from queueing.models import Forecast, TicketEvent, Visit
from queueing.states import Move, Priority, State
from tests.queueing.test_citizen import act, page_of, text
from tests.recipes import add_counter, at, key, make_hall, make_queue, make_service, ticket

pytestmark = pytest.mark.django_db
WEIGHT = 56_000  # bytes: what stays of 60 kB when every answer has a head of 250 bytes


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall(counters=2)


def see(client, pk, *, now=None, **query):
    """The part of the page as htmx fetches it."""
    with time_machine.travel(now or at(9), tick=False):
        memo.clear_all()
        return client.get(page_of(pk), query, headers={"HX-Request": "true"})


def why(response):
    found = re.search(
        r'<div class="why" role="status">(.*?)</div>', response.content.decode(), re.S
    )
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split())


def paper(hall, *, now=None):
    """A number of a machine whose paper nobody has seen yet."""
    return tickets.issue(
        hall.service.pk, priority=Priority.NONE, now=now or at(9), key=key(), on_paper=True
    )


# --- Why the place or the range changed ------------------------------------------------------


@pytest.fixture
def line(hall):
    """Five people who came a minute apart; the last of them is asked about, at half past eight."""
    return [hall.issue(now=at(8, n)) for n in range(5)]


def told(hall, client, line, *, now=None, v=None):
    version = record.version_of(hall.mall.pk) if v is None else v
    return why(see(client, line[-1], now=now or at(8, 30, 30), v=version, at=0))


def test_while_nothing_happens_nothing_is_explained(hall, client, line):
    assert told(hall, client, line) == ""


def test_people_who_give_up_are_counted(hall, client, line):
    for pk in line[:2]:
        tickets.cancel(pk, now=at(8, 30), key=key())

    assert told(hall, client, line) == "2 orang di depan Anda batal."


def test_somebody_behind_who_gives_up_is_no_news(hall, client, line):
    behind = hall.issue(now=at(8, 29))
    tickets.cancel(behind, now=at(8, 30), key=key())

    assert told(hall, client, line) == ""


def test_a_call_is_said_as_what_it_is(hall, client, line):
    hall.call(now=at(8, 30))

    assert told(hall, client, line) == "1 orang di depan Anda dipanggil."


def test_somebody_who_does_not_come_is_said(hall, client, line):
    pk = hall.call(now=at(8, 30))
    hall.act(tickets.skip, pk, now=at(8, 30, 10))

    assert told(hall, client, line) == "1 orang yang dipanggil tidak datang."


def test_priority_people_who_came_later_are_said(hall, client, line):
    for _person in range(2):
        hall.issue(now=at(8, 30), priority=Priority.ELDERLY)

    assert told(hall, client, line) == "2 orang jalur prioritas masuk di depan Anda."


def test_somebody_behind_who_comes_is_no_news(hall, client, line):
    hall.issue(now=at(8, 30))

    assert told(hall, client, line) == ""


def test_somebody_who_missed_the_call_and_came_back_is_said(hall, client, line):
    hall.act(tickets.skip, hall.call(now=at(8, 10)), now=at(8, 11))
    tickets.return_to_line(line[0], now=at(8, 30), key=key())

    assert told(hall, client, line) == "1 orang yang terlewat kembali mengantre di depan Anda."


def test_a_call_taken_back_is_said_and_one_taken_back_at_once_is_not(hall, client, line):
    pk = hall.call(now=at(8, 29, 20))
    hall.act(tickets.undo, pk, now=at(8, 29, 40))
    version = record.version_of(hall.mall.pk)

    assert told(hall, client, line, now=at(8, 30), v=version) == ""
    assert told(hall, client, line, now=at(8, 30, 30), v=version - 1) == (
        "1 panggilan dibatalkan petugas; orangnya kembali ke depan Anda."
    )


def test_somebody_sent_over_keeps_the_wait_and_it_is_said(hall, client):
    other = make_service(make_queue(hall.presence, "B"), "Layanan Kedua")
    baker.make("services.CounterQueue", counter=hall.counter, queue=other.queue, rank=1)
    memo.clear_all()
    first = hall.issue(now=at(8), service=other)
    mine = hall.issue(now=at(8, 20))
    hall.call(now=at(8, 25))
    hall.act(tickets.serve, first, now=at(8, 25))

    hall.act(tickets.transfer, first, now=at(8, 30), service_id=hall.service.pk)

    assert told(hall, client, [mine]) == (
        "1 orang dialihkan dari antrean lain ke depan Anda; waktu tunggunya dihitung."
    )


def test_a_paper_taken_before_and_confirmed_after_is_said(hall, client):
    pk = paper(hall, now=at(8, 29))
    mine = hall.issue(now=at(8, 29, 10))
    tickets.confirm(pk, now=at(8, 30), key=key())

    assert told(hall, client, [mine]) == (
        "1 orang yang mengambil nomor sebelum Anda baru memegang nomornya."
    )


def test_a_paper_that_nobody_confirms_leaves_the_line(hall, client):
    paper(hall, now=at(8, 27))
    mine = hall.issue(now=at(8, 27, 10))
    sweeps.withdraw_unprinted(now=at(8, 30))

    assert told(hall, client, [mine]) == "1 orang di depan Anda batal."


def test_a_counter_that_stops_is_said_before_everything_else(hall, client, line):
    tickets.cancel(line[0], now=at(8, 30), key=key())
    closures.close(
        hall.counter,
        reason=Closure.Reason.TROUBLE,
        until=at(10),
        by=hall.officer,
        now=at(8, 30, 10),
    )

    assert told(hall, client, line) == "Loket 1 berhenti melayani untuk sementara."


@pytest.mark.parametrize("leave", ["break", "leave"])
def test_an_officer_who_goes_is_a_counter_that_stops(hall, client, line, leave):
    if leave == "break":
        desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(8, 30))
    else:
        desks.leave(hall.counter, by=hall.officer, now=at(8, 30))

    assert told(hall, client, line) == "Loket 1 berhenti melayani untuk sementara."


def test_a_counter_that_opens_is_said(hall, client, line):
    add_counter(hall, since=at(8, 30))

    assert told(hall, client, line) == "1 loket lagi dibuka: loket 3."


def test_an_officer_away_for_a_moment_is_no_change(hall, client, line):
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(8, 30))
    desks.set_break(hall.counter, by=hall.officer, on_break=False, now=at(8, 30, 10))

    assert told(hall, client, line) == ""


def test_a_counter_of_another_queue_is_no_news(hall, client, line):
    add_counter(hall, queues=[make_queue(hall.presence, "B")], since=at(8, 30))

    assert told(hall, client, line) == ""


def test_a_change_stays_for_a_minute_and_is_told_after_a_tunnel(hall, client, line):
    before = record.version_of(hall.mall.pk)
    tickets.cancel(line[0], now=at(8, 30), key=key())
    now_known = record.version_of(hall.mall.pk)

    assert told(hall, client, line, now=at(8, 30, 59), v=now_known) != ""
    assert told(hall, client, line, now=at(8, 31), v=now_known) == ""
    assert told(hall, client, line, now=at(8, 40), v=before) == "1 orang di depan Anda batal."


def test_what_happened_before_the_number_was_taken_is_not_explained(hall, client, line):
    tickets.cancel(line[0], now=at(8, 10), key=key())
    mine = hall.issue(now=at(8, 20))

    assert told(hall, client, [mine], now=at(8, 20, 10), v=0) == ""


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (6, ""),
        (-8, "Perkiraan bergeser sekitar 10 menit lebih lambat"),
        (13, "Perkiraan bergeser sekitar 15 menit lebih cepat"),
        (-60 * 24, ""),
    ],
)
def test_a_range_that_moves_by_itself_is_explained(hall, client, line, minutes, words):
    version, now = record.version_of(hall.mall.pk), at(8, 30)
    ends = see(client, line[-1], now=now, v=version).context["ends"]
    seen = ends + minutes * 60

    response = see(client, line[-1], now=now, v=version, ends=seen)

    assert why(response).startswith(words)
    assert bool(why(response)) is bool(words)
    assert response.context["ends"] == seen
    assert f"ends={seen}" in response.content.decode()


@pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 40, "²", "1e9"])
def test_odd_figures_in_the_address_are_nobodys_picture(hall, client, line, odd):
    response = see(client, line[-1], v=odd, ends=odd, at=odd)

    assert (response.status_code, why(response)) == (200, "")


@pytest.mark.parametrize("count", [1, 30])
def test_an_explanation_costs_the_same_whatever_happened(
    hall, client, django_assert_num_queries, count
):
    others = [hall.issue(now=at(8, 0, n)) for n in range(count)]
    mine = hall.issue(now=at(8, 10))
    for pk in others:
        tickets.cancel(pk, now=at(8, 59, 30), key=key())
    path = page_of(mine)
    client.get(path)  # what is remembered for seconds is another test's business

    with django_assert_num_queries(2):
        response = client.get(path)

    assert why(response) == f"{count} orang di depan Anda batal."


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
