from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from appointments import arrivals, booking, people, presence
from appointments.models import BookingEvent
from appointments.states import Move, State
from core import memo
from hall import access, devices
from hall.models import Device
from queueing import states, sweeps
from queueing.models import PrintJob, Ticket
from tests.appointments.arriving import code_now, on_phone, sentence, tuesday
from tests.appointments.recipes import NINE, at, book, booked, hold, key
from tests.recipes import make_hall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound", "plan")]
UNKNOWN = "Kode ini tidak ditemukan di mal ini. Periksa lagi, atau tanyakan di meja informasi."


@pytest.fixture(autouse=True)
def five_to_nine():
    with time_machine.travel(tuesday(8, 55), tick=False) as clock:
        yield clock


@pytest.fixture
def mine(hall):
    return booked(book(hall.service, now=at(9)))


def enrol(hall, kind, **more):
    device = baker.make(Device, mall=hall.mall, kind=kind, name=uuid4().hex[:8], **more)
    token = devices.enrol(devices.new_code(device, by=hall.officer, now=at(9)), now=at(9))[1]
    memo.clear_all()
    device.refresh_from_db()
    return device, token


@pytest.fixture
def kiosk(hall, client):
    """The client is an enrolled kiosk."""
    device, token = enrol(hall, Device.Kind.KIOSK)
    client.cookies[access.COOKIE] = token
    return device


def type_(client, hall, text, *, key=None, **more):
    """What the kiosk sends: its script asks for a sentence instead of a page."""
    page = reverse("kiosk_booking", args=[hall.mall.slug])
    data = {"q": text, "key": str(key or uuid4())}
    return client.post(f"{page}?datang=1", data, headers={"HX-Request": "true"}, **more)


# The kiosk


def test_the_code_gives_a_number_on_paper_at_the_place_that_was_reserved(client, hall, mine):
    answer = type_(client, hall, mine.code)

    number = Ticket.objects.get()
    shown = reverse("kiosk_ticket", args=[hall.mall.slug, number.visit.token])
    assert (answer.status_code, answer["Location"]) == (302, shown)
    assert (number.state, number.since) == (states.State.PRINTING, NINE)
    assert booked(mine.pk).state == State.ARRIVED


@pytest.mark.parametrize("typed", ["{0}-{1}", " {0} {1} ", "{0}{1}", "{0} - {1}"])
def test_the_code_is_read_however_it_is_typed(client, hall, mine, typed):
    text = typed.format(mine.code[:4], mine.code[4:]).lower()

    assert type_(client, hall, text).status_code == 302


def test_a_scanner_types_the_private_link(client, hall, mine):
    link = f"https://mpp.example{reverse('booking', args=[people.link(mine)])}"

    assert type_(client, hall, link).status_code == 302
    assert booked(mine.pk).ticket_id == Ticket.objects.get().pk


def test_the_paper_comes_from_the_kiosks_own_printer(client, hall, mine, kiosk):
    enrol(hall, Device.Kind.PRINTER, kiosk=kiosk)

    type_(client, hall, mine.code)

    job = PrintJob.objects.get()
    assert (job.kiosk, job.ticket_id) == (kiosk, booked(mine.pk).ticket_id)


def test_whoever_types_the_code_again_sees_the_same_number(client, hall, mine):
    first, second = type_(client, hall, mine.code), type_(client, hall, mine.code)

    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_a_lost_answer_asked_for_again_is_the_same_number(client, hall, mine):
    once = uuid4()

    answers = [type_(client, hall, mine.code, key=once)["Location"] for _each in range(3)]

    assert len(set(answers)) == 1
    assert BookingEvent.objects.filter(move=Move.ARRIVE).count() == 1


def test_a_number_that_was_not_printed_is_replaced_at_the_same_place(
    client, hall, mine, five_to_nine
):
    type_(client, hall, mine.code)
    five_to_nine.move_to(tuesday(8, 59))
    sweeps.withdraw_unprinted(now=tuesday(8, 59))

    type_(client, hall, mine.code)

    old, new = Ticket.objects.order_by("pk")
    assert (old.state, new.since) == (states.State.WITHDRAWN, NINE)
    assert booked(mine.pk).ticket_id == new.pk


def test_a_withdrawn_number_leads_back_to_the_code_and_not_to_the_end(client, hall, mine):
    shown = type_(client, hall, mine.code)["Location"]
    sweeps.withdraw_unprinted(now=tuesday(8, 59))

    page = client.get(shown)

    assert f'href="{reverse("kiosk_booking", args=[hall.mall.slug])}"' in page.text
    assert "Ambil nomor baru" not in page.text


def test_whoever_arrived_on_the_phone_gets_paper_at_the_kiosk(client, hall, mine, kiosk):
    enrol(hall, Device.Kind.PRINTER, kiosk=kiosk)
    on_phone(client, mine, code_now(hall))

    type_(client, hall, mine.code)

    assert PrintJob.objects.get().ticket_id == Ticket.objects.get().pk
    assert Ticket.objects.get().state == states.State.WAITING


@pytest.mark.parametrize("typed", ["", "AAAA2222", "/reservasi/abc/", "\x00", "9" * 300, "😀"])
def test_a_code_nobody_has_is_one_sentence(client, hall, mine, typed):
    answer = type_(client, hall, typed)

    assert (answer.status_code, sentence(answer)) == (409, UNKNOWN)
    assert Ticket.objects.count() == 0


def test_another_malls_reservation_is_unknown_here(client, hall, mine):
    other = make_hall(slug="mpp-lain")
    memo.clear_all()

    for text in (mine.code, f"/reservasi/{people.link(mine)}/"):
        assert sentence(type_(client, other, text)) == UNKNOWN
    assert booked(mine.pk).state == State.CONFIRMED


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (
            (8, 29),
            "Anda datang terlalu awal. Nomor dapat diambil mulai Selasa, 10 Maret 2026 pukul"
            " 08.30 WIB.",
        ),
        ((10, 1), "Waktu reservasi ini sudah lewat. Silakan ambil nomor biasa."),
    ],
)
def test_too_early_and_too_late_are_said(client, hall, mine, five_to_nine, moment, said):
    five_to_nine.move_to(tuesday(*moment))

    answer = type_(client, hall, mine.code)

    assert (answer.status_code, sentence(answer)) == (409, said)
    assert booked(mine.pk).state == State.CONFIRMED


def test_a_cancelled_reservation_says_so(client, hall, mine):
    booking.cancel(mine.pk, now=at(10), key=key())

    assert sentence(type_(client, hall, mine.code)) == (
        "Reservasi ini sudah dibatalkan. Silakan ambil nomor biasa."
    )


def test_a_place_that_is_only_held_is_filled_in_first(client, hall):
    held = booked(hold(hall.service, now=tuesday(8, 50)))

    assert sentence(type_(client, hall, held.code)) == (
        "Reservasi ini belum diisi. Lengkapi dahulu di ponsel Anda."
    )


def test_a_place_that_was_let_go_says_so(client, hall):
    held = booked(hold(hall.service, now=tuesday(8, 40)))

    assert sentence(type_(client, hall, held.code)) == (
        "Tempat ini sudah dilepas karena datanya tidak diisi. Silakan ambil nomor biasa."
    )


def test_somebody_counted_as_absent_is_told_to_take_an_ordinary_number(
    client, hall, mine, five_to_nine
):
    arrivals.miss(now=tuesday(10, 5))
    five_to_nine.move_to(tuesday(10, 6))

    assert sentence(type_(client, hall, mine.code)) == (
        "Waktu reservasi ini sudah lewat. Silakan ambil nomor biasa."
    )


def test_a_screen_that_is_not_enrolled_gives_nothing(client, hall, mine):
    enrol(hall, Device.Kind.KIOSK)

    page = client.get(reverse("kiosk_booking", args=[hall.mall.slug]))
    answer = type_(client, hall, mine.code)

    assert "Layar Ini Belum Terdaftar" in page.text
    assert answer["X-Refusal"] == "not_enrolled"
    assert Ticket.objects.count() == 0


def test_guessing_codes_is_stopped_for_a_minute(client, hall, mine, kiosk):
    for _wrong in range(presence.WRONG_CODES):
        assert type_(client, hall, "AAAA2222").status_code == 409

    assert type_(client, hall, mine.code).status_code == 429
    assert Ticket.objects.count() == 0


def test_guesses_at_one_kiosk_do_not_close_the_others(client, hall, mine, kiosk):
    for _wrong in range(presence.WRONG_CODES):
        type_(client, hall, "AAAA2222")
    client.cookies[access.COOKIE] = enrol(hall, Device.Kind.KIOSK)[1]

    assert type_(client, hall, mine.code).status_code == 302


def test_without_a_script_each_key_of_the_screen_is_a_page(client, hall):
    page = reverse("kiosk_booking", args=[hall.mall.slug])

    typed = client.post(page, {"q": "AB", "tambah": "C"})
    rubbed = client.post(page, {"q": "ABC", "hapus": "1"})

    assert (typed.status_code, typed.context["typed"]) == (200, "ABC")
    assert rubbed.context["typed"] == "AB"


def test_without_a_script_a_refusal_is_said_on_the_page(client, hall):
    page = reverse("kiosk_booking", args=[hall.mall.slug])
    headers = {"Referer": f"http://testserver{page}"}

    answer = client.post(f"{page}?datang=1", {"q": "X", "key": uuid4()}, headers=headers)

    assert answer["Location"] == f"http://testserver{page}"
    assert UNKNOWN in client.get(page).text


def test_a_code_stands_in_no_address(client, hall, mine):
    answer = type_(client, hall, mine.code)

    assert mine.code not in answer["Location"]
    assert 'method="post"' in client.get(reverse("kiosk_booking", args=[hall.mall.slug])).text


def test_the_page_of_the_code_takes_the_same_few_queries(client, hall, django_assert_num_queries):
    page = reverse("kiosk_booking", args=[hall.mall.slug])
    client.get(page)

    with django_assert_num_queries(1):
        client.get(page)


# The start of the kiosk


def test_the_start_leads_to_the_code_and_shows_that_of_the_hall(client, hall):
    page = client.get(reverse("kiosk", args=[hall.mall.slug]))

    assert f'href="{reverse("kiosk_booking", args=[hall.mall.slug])}"' in page.text
    assert f"<b>{code_now(hall)}</b>" in page.text


def test_a_mall_without_reservations_shows_neither(client):
    other = make_hall(slug="mpp-lain")

    page = client.get(reverse("kiosk", args=[other.mall.slug]))

    assert "Punya reservasi" not in page.text
    assert "Kode hadir" not in page.text


def test_the_code_of_the_hall_is_drawn_anew_for_screens_of_the_hall_only(client, hall, kiosk):
    address = reverse("kiosk_hall_code", args=[hall.mall.slug])

    assert f"<b>{code_now(hall)}</b>" in client.get(address).text
    del client.cookies[access.COOKIE]
    assert (client.get(address).status_code, client.get(address).content) == (204, b"")
