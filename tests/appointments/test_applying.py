"""The pages of a citizen who waits for a place or takes part in a draw."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from appointments import booking, draws, people, waitlist
from appointments.application_states import State
from appointments.models import Application, Booking, Draw, Plan
from appointments.states import Mode
from appointments.states import State as BookingState
from core import memo
from queueing.states import Priority
from tests.appointments.pages import path_of, ready, see_times
from tests.appointments.recipes import (
    NIK,
    TUESDAY,
    book,
    come_back,
    enter,
    key,
    make_plan,
    person,
    wait,
)
from tests.queueing.pages import text
from tests.recipes import MONDAY, at, make_hall

pytestmark = pytest.mark.django_db
NEXT = MONDAY + timedelta(days=14)
CLOSED = at(8, on=TUESDAY)


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def service():
    hall = make_hall()
    make_plan(hall.service, online=1)
    return hall.service


@pytest.fixture
def full(service):
    return [book(service, at(hour, on=TUESDAY), who=person(900 + hour)) for hour in (9, 10, 11)]


@pytest.fixture
def drawn(service):
    Plan.objects.update(mode=Mode.DRAW)
    memo.clear_all()
    return service


def ask(client, service, *, day="2026-03-10", priority=Priority.NONE):
    query = {"siap": ready(service, priority), "hari": day}
    return client.get(path_of("application_begin", service), query)


def send(client, service, *, day="2026-03-10", hours=(9, 10, 11), priority=Priority.NONE, **more):
    on = TUESDAY if day == "2026-03-10" else NEXT
    form = {
        "siap": ready(service, priority),
        "hari": day,
        "wishes": [int(at(hour, on=on).timestamp()) for hour in hours],
        "name": "Siti Aminah",
        "phone": "0812 3456 7890",
        "is_for_other": "",
        "key": uuid4(),
    }
    memo.clear_all()
    return client.post(path_of("application_begin", service), {**form, **more})


def page_of(row, name="application"):
    return reverse(name, args=[people.link(row)])


def refreshed(row):
    return Application.objects.with_names().get(pk=row.pk)


# --- the waiting list -----------------------------------------------------------------------------


def test_a_full_day_leads_to_its_waiting_list(client, service, full):
    page = see_times(client, service, "2026-03-10", "09.00")

    assert "Masuk daftar tunggu hari ini" in text(page)
    assert path_of("application_begin", service) in page.text


def test_where_there_is_a_place_nobody_is_sent_to_wait(client, service):
    book(service)
    page = see_times(client, service, "2026-03-10", "09.00")

    assert "kuota habis" in text(page)
    assert "daftar tunggu hari ini" not in text(page)


def test_the_form_says_how_offers_work_and_has_all_windows_ticked(client, service, full):
    page = ask(client, service)

    assert page.status_code == 200
    assert "Paling banyak tiga tawaran" in text(page)
    assert page.text.count(" checked") >= 3
    assert "09.00–10.00" in text(page)


def test_who_joins_sees_where_they_stand(client, service, full):
    wait(service, number=5)

    answer = send(client, service)

    row = Application.objects.latest("pk")
    assert answer.url == page_of(row)
    shown = text(client.get(answer.url))
    assert "Anda nomor 2 dalam daftar tunggu" in shown
    assert "S••• A•••••" in shown
    assert "Siti Aminah" not in shown


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"hours": ()}, "Pilih paling sedikit satu jam yang cocok."),
        ({"name": ""}, "Isi nama orang yang akan datang."),
        ({"phone": "12"}, "Nomor ponsel diawali 08"),
        ({"wishes": ["1"]}, "Pilih paling sedikit satu jam yang cocok."),
        ({"wishes": ["x"]}, "Pilih paling sedikit satu jam yang cocok."),
    ],
)
def test_what_is_typed_wrong_is_said_and_kept(client, service, full, wrong, says):
    answer = send(client, service, **wrong)

    assert answer.status_code == 422
    assert says in text(answer)
    if "name" not in wrong:
        assert 'value="Siti Aminah"' in answer.text
    assert not Application.objects.exists()


def test_a_refusal_keeps_the_form_and_tells_nobody_what_another_has(client, service, full):
    Plan.objects.update(needs_nik=True)
    book_elsewhere = make_hall(slug="mpp-lain")
    make_plan(book_elsewhere.service)
    book(book_elsewhere.service, who=person(1, nik=NIK))

    answer = send(client, service, nik=NIK)

    assert answer.status_code == 409
    assert 'value="Siti Aminah"' in answer.text
    assert "Sebabnya salah satu dari ini" in text(answer)


def test_a_place_that_is_free_again_is_to_be_booked(client, service, full):
    booking.cancel(full[0], now=at(9), key=key())
    come_back()
    answer = send(client, service)

    assert answer.status_code == 409
    assert "Masih ada tempat" in text(answer)


@pytest.mark.parametrize("day", ["", "2026-03-14", "x", "2020-01-01", "2026-99-99"])
def test_a_day_without_windows_leads_back_to_the_days(client, service, day):
    answer = ask(client, service, day=day)

    assert answer.status_code == 302
    assert answer.url.startswith(path_of("booking_times", service))


def test_without_the_papers_it_begins_at_the_beginning(client, service):
    answer = client.get(path_of("application_begin", service), {"hari": "2026-03-10"})

    assert answer.url == path_of("booking_begin", service)


def test_a_double_tap_applies_once(client, service, full):
    same = uuid4()
    first, second = (send(client, service, key=same) for _tap in range(2))

    assert (first.url, Application.objects.count()) == (second.url, 1)


# --- an offer -----------------------------------------------------------------------------------------


@pytest.fixture
def offered(service, full):
    row = wait(service, number=3)
    booking.cancel(full[0], now=at(9), key=key())
    come_back()
    return refreshed(row)


def answer_with(client, offered, name):
    """Press one of the two buttons of the page as it was opened."""
    form = {"key": uuid4(), "offer": offered.booking_id}
    return client.post(page_of(offered, name), form)


def test_an_offer_says_until_when_it_stands(client, offered):
    shown = text(client.get(page_of(offered)))

    assert "Ada Tempat untuk Anda" in shown
    assert "sampai Senin, 9 Maret 2026 pukul 12.00 WIB" in shown
    assert "tawaran ke-1 dari paling banyak 3" in shown


def test_an_offer_taken_leads_to_the_reservation(client, offered):
    answer = answer_with(client, offered, "application_accept")

    assert answer.url == page_of(offered)
    shown = client.get(answer.url)
    assert "Anda Mendapat Tempat" in text(shown)
    placed = Booking.objects.get(pk=refreshed(offered).booking_id)
    assert placed.state == BookingState.CONFIRMED
    assert reverse("booking", args=[people.link(placed)]) in shown.text


def test_an_offer_left_to_others_waits_on(client, offered):
    answer_with(client, offered, "application_decline")

    assert refreshed(offered).state == State.WAITING
    assert "daftar tunggu" in text(client.get(page_of(offered)))


def test_an_offer_that_is_over_says_so(client, offered):
    with time_machine.travel(at(12), tick=False):
        answer = answer_with(client, offered, "application_accept")

    assert (answer.status_code, answer.get("X-Refusal")) in {
        (302, "offer_over"),
        (409, "offer_over"),
    }
    assert refreshed(offered).state == State.OFFERED


def test_who_withdraws_is_told_so(client, offered):
    client.post(page_of(offered, "application_withdraw"), {"key": uuid4()})

    assert "Permohonan Ini Ditarik" in text(client.get(page_of(offered)))
    assert refreshed(offered).booking is None


def test_who_got_nothing_is_told_why(client, service, full):
    row = wait(service)
    waitlist.work(now=at(10, on=TUESDAY))

    assert "Tidak ada tempat lagi yang dapat ditawarkan" in text(client.get(page_of(row)))


def test_the_link_opens_until_the_day_after(client, service, full):
    row = wait(service)
    for now, status in (
        (at(23, 59, on=TUESDAY + timedelta(days=1)), 200),
        (at(0, on=TUESDAY + timedelta(days=2)), 404),
    ):
        with time_machine.travel(now, tick=False):
            assert client.get(page_of(row)).status_code == status


def test_the_page_is_nobody_else_s(client, service, full):
    answer = client.get(page_of(wait(service)))

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert client.get("/permohonan/abc/").status_code == 404


# --- the draw -----------------------------------------------------------------------------------------


def test_a_day_that_is_drawn_is_shown_so(client, drawn):
    page = see_times(client, drawn, NEXT.isoformat())

    assert "Tempat hari ini diundi Selasa, 10 Maret 2026 pukul 08.00 WIB" in text(page)
    assert "Ikut undian hari ini" in text(page)
    assert "undian" in text(page)


def test_who_takes_part_gets_a_number_and_sees_when_it_is_drawn(client, drawn):
    answer = send(client, drawn, day=NEXT.isoformat())

    row = Application.objects.get()
    assert (row.state, row.number) == (State.APPLIED, 1)
    shown = text(client.get(answer.url))
    assert "Nomor undian Anda 1." in shown
    assert "Selasa, 10 Maret 2026 pukul 08.00 WIB" in shown


def test_the_draw_is_published_before_and_after(client, drawn):
    address = reverse("draw", args=[drawn.presence.mall.slug, drawn.pk, NEXT.isoformat()])
    for number in range(1, 6):
        enter(drawn, on=NEXT, number=number)
    before = client.get(address)
    assert "5 permohonan sejauh ini" in text(before)
    assert Draw.objects.get().commitment in before.text
    assert client.get(f"{address}berkas.json").status_code == 404

    draws.work(now=CLOSED)

    draw = Draw.objects.get(date=NEXT)
    after = client.get(address)
    assert "3 mendapat tempat" in text(after)
    assert draw.seed in after.text
    found = json.loads(client.get(f"{address}berkas.json").content)
    assert draws.faults(found) == []
    assert "Siti" not in str(found)
    only = client.get(address, {"nomor": "2"})
    assert only.text.count("<tr>") == 2
    assert "tidak ikut diundi" in text(client.get(address, {"nomor": "99"}))


def test_winner_and_loser_read_what_became_of_them(client, drawn):
    for number in range(1, 6):
        enter(drawn, on=NEXT, number=number)
    draws.work(now=CLOSED)

    won = Application.objects.with_names().filter(state=State.PLACED).order_by("rank").first()
    lost = Application.objects.with_names().filter(state=State.WAITING).order_by("rank").first()
    assert "Dalam undian Anda di urutan 1 dan mendapat tempat." in text(client.get(page_of(won)))
    said = text(client.get(page_of(lost)))
    assert "di urutan 4" in said
    assert "Anda nomor 1 dalam daftar tunggu" in said


def test_a_draw_nobody_took_part_in_says_so(client, drawn):
    draws.work(now=at(9))
    draws.work(now=CLOSED)

    address = reverse("draw", args=[drawn.presence.mall.slug, drawn.pk, NEXT.isoformat()])
    assert "Tidak ada yang mendaftar" in text(client.get(address))


@pytest.mark.parametrize("day", ["2026-03-24", "x", "2026-99-01"])
def test_a_draw_that_is_none_does_not_exist(client, drawn, day):
    address = reverse("draw", args=[drawn.presence.mall.slug, drawn.pk, day])
    assert client.get(address).status_code == 404
