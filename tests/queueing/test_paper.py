from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from model_bakery import baker

from core import memo
from core.proof import Scope
from hall import access, devices
from hall.models import Device
from queueing import invariants, paper, prints, sweeps, tickets
from queueing.models import PrintJob, Ticket, TicketEvent
from queueing.paper import Slip
from queueing.states import Priority, State
from tests.recipes import at, key, make_hall, ticket

LONG = "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu Kabupaten Penajam Paser Utara"


def slip(**other):
    told = {
        "mall": "Mal Pelayanan Publik Kabupaten Uji",
        "place": "Plaza Uji",
        "number": "A-041",
        "service": "Kutipan akta kelahiran",
        "agency": "Dinas Uji",
        "facts": (("Tunggu di", "Lantai 1"), ("Perkiraan dipanggil", "10.06–10.21 WIB")),
        "address": "https://mpp.example/antrean/abcdefghijklmnopqrstuv/",
        "small": ("Nomor ini berlaku hari ini.",),
    }
    return Slip(**{**told, **other})


def lines(body):
    """The text between the orders to the printer."""
    return [line for line in body.decode("latin-1").split("\n") if line]


def test_the_paper_says_number_place_range_code_and_that_it_counts():
    body = paper.written(slip())

    for said in (b"A-041", b"Dinas Uji", b"Nomor ini berlaku hari ini."):
        assert said in body
    assert b"Tunggu di" + b" " * 31 + b"Lantai 1\n" in body
    assert b"10.06-10.21 WIB\n" in body
    assert b"P0https://mpp.example/antrean/abcdefghijklmnopqrstuv/\x1d" in body
    assert body.startswith(b"\x1b@")
    assert body.endswith(b"\x1dV\x00")


@pytest.mark.parametrize(("number", "size"), [("A-041", 8), ("AB-041", 8), ("AB-1041", 6)])
def test_the_number_is_as_large_as_the_paper_is_wide(number, size):
    body = paper.written(slip(number=number))

    assert b"\x1d!" + bytes([(size - 1) * 16 + size - 1]) in body
    assert len(number) * size <= paper.COLUMNS


def test_long_names_are_wrapped_and_never_cut():
    body = paper.written(slip(agency=LONG, facts=(("Tunggu di", LONG[:44]),)))

    text = " ".join(lines(body))
    assert all(word in text for word in LONG.split())
    assert f"Tunggu di\n{LONG[:44]:>48}\n".encode() in body


@pytest.mark.parametrize(
    "name", ["Dinas \x1b@\x1dV\x00 Uji", "\x10\x04\x01Dinas Uji", "Dinas\nUji"]
)
def test_no_name_gives_the_printer_orders(name):
    clean = paper.plain(name)

    assert clean.isprintable()
    assert paper.written(slip(agency=name)).count(b"\x1dV") == 1


def test_every_printer_has_the_letters():
    assert paper.plain("“Kantor Désa” – Jum’at…") == '"Kantor Desa" - Jum\'at...'


# From here on with a database: a kiosk and its printer.


@pytest.fixture
def hall(db):
    return make_hall()


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


def enrol(hall, kind, **more):
    device = baker.make(Device, mall=hall.mall, kind=kind, name=f"{kind} {uuid4().hex[:6]}", **more)
    token = devices.enrol(devices.new_code(device, by=hall.officer, now=at(9)), now=at(9))[1]
    memo.clear_all()
    device.refresh_from_db()
    return device, token


@pytest.fixture
def kiosk(hall):
    return enrol(hall, Device.Kind.KIOSK)


@pytest.fixture
def printer(hall, kiosk):
    return enrol(hall, Device.Kind.PRINTER, kiosk=kiosk[0])


def take(client, hall, kiosk, *, again=None):
    """A number of this kiosk; its address and its token."""
    client.cookies[access.COOKIE] = kiosk[1]
    page = reverse("kiosk_service", args=[hall.mall.slug, hall.service.pk])
    shown = client.post(page, {"priority": "0", "key": str(again or uuid4())})["Location"]
    del client.cookies[access.COOKIE]
    return shown, shown.split("/")[-2]


def again(client, hall, held, token):
    """Somebody who holds this device's token asks for the paper once more."""
    headers = {"Authorization": f"Bearer {held}"}
    return client.post(reverse("kiosk_again", args=[hall.mall.slug, token]), headers=headers)


def poll(client, token):
    return client.get(reverse("print_next"), headers={"Authorization": f"Bearer {token}"})


def done(client, token, ticket_token):
    address = reverse("print_done", args=[ticket_token])
    return client.post(address, headers={"Authorization": f"Bearer {token}"})


def test_the_printer_gets_the_number_of_its_kiosk_and_confirms_it(client, hall, kiosk, printer):
    _shown, token = take(client, hall, kiosk)

    job = poll(client, printer[1])
    first, copy = done(client, printer[1], token), done(client, printer[1], token)

    assert (job.status_code, job["X-Ticket"]) == (200, token)
    assert job["Content-Type"] == "application/octet-stream"
    assert b"A-001" in job.content
    assert reverse("ticket", args=[token]).encode() in job.content
    assert (first.status_code, copy.status_code) == (204, 204)
    assert poll(client, printer[1]).status_code == 204
    assert Ticket.objects.get().state == State.WAITING
    assert PrintJob.objects.get().printed_at == at(9)
    assert TicketEvent.objects.count() == 2
    assert [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


def test_asking_for_work_changes_nothing(client, hall, kiosk, printer):
    take(client, hall, kiosk)

    assert poll(client, printer[1]).content == poll(client, printer[1]).content
    assert Ticket.objects.get().state == State.PRINTING


def test_the_same_number_asked_for_twice_is_one_job(client, hall, kiosk, printer):
    same = uuid4()

    assert take(client, hall, kiosk, again=same) == take(client, hall, kiosk, again=same)

    assert PrintJob.objects.count() == 1


def test_a_kiosk_without_a_printer_makes_no_job(client, hall, kiosk):
    shown, _token = take(client, hall, kiosk)

    assert PrintJob.objects.count() == 0
    assert 'data-by="browser"' in client.get(shown).text


def test_numbers_are_printed_in_the_order_in_which_they_were_taken(client, hall, kiosk, printer):
    tokens = [take(client, hall, kiosk)[1] for _each in range(3)]

    printed = []
    for _each in tokens:
        printed.append(poll(client, printer[1])["X-Ticket"])
        done(client, printer[1], printed[-1])

    assert printed == tokens


def test_strangers_get_no_number_to_print(client, hall, kiosk, printer):
    _shown, token = take(client, hall, kiosk)
    board = enrol(hall, Device.Kind.BOARD)
    loose = enrol(hall, Device.Kind.PRINTER)
    elsewhere = enrol(hall, Device.Kind.PRINTER, kiosk=enrol(hall, Device.Kind.KIOSK)[0])

    for held in ("", "x" * 43, "x" * 500, kiosk[1], board[1], loose[1]):
        assert poll(client, held).status_code == 404
        assert done(client, held, token).status_code == 404
    assert poll(client, elsewhere[1]).status_code == 204
    assert done(client, elsewhere[1], token).status_code == 404
    assert done(client, printer[1], "x" * 22).status_code == 404
    devices.revoke(printer[0], by=hall.officer, now=at(9))
    assert poll(client, printer[1]).status_code == 404
    assert Ticket.objects.get().state == State.PRINTING


def test_of_two_printers_at_one_kiosk_only_the_first_prints(client, hall, kiosk, printer):
    second = enrol(hall, Device.Kind.PRINTER, kiosk=kiosk[0])
    take(client, hall, kiosk)

    assert poll(client, second[1]).status_code == 204
    assert poll(client, printer[1]).status_code == 200


def test_a_number_withdrawn_meanwhile_is_neither_printed_nor_confirmed(
    client, hall, kiosk, printer
):
    _shown, token = take(client, hall, kiosk)
    sweeps.withdraw_unprinted(now=at(9, 2, 1))

    assert poll(client, printer[1]).status_code == 204
    assert done(client, printer[1], token)["X-Refusal"] == "wrong_state"
    assert Ticket.objects.get().state == State.WITHDRAWN
    assert PrintJob.objects.get().printed_at is None


def test_what_nobody_waits_for_any_more_is_not_printed(client, hall, kiosk, printer):
    _shown, token = take(client, hall, kiosk)
    tickets.confirm(Ticket.objects.get().pk, now=at(9), key=key())  # by the phone

    with time_machine.travel(at(9, 2), tick=False):
        assert poll(client, printer[1]).status_code == 204
    assert poll(client, printer[1])["X-Ticket"] == token


def test_a_number_about_to_be_withdrawn_is_not_printed_any_more(client, hall, kiosk, printer):
    take(client, hall, kiosk)

    with time_machine.travel(at(9, 1, 39), tick=False):
        assert poll(client, printer[1]).status_code == 200
    with time_machine.travel(at(9, 1, 40), tick=False):
        assert poll(client, printer[1]).status_code == 204


def test_only_the_kiosk_of_a_number_has_it_printed_again(client, hall, kiosk, printer):
    shown, token = take(client, hall, kiosk)
    done(client, printer[1], token)
    other = enrol(hall, Device.Kind.KIOSK)

    for held in ("", "x" * 43, printer[1], other[1]):
        assert again(client, hall, held, token).status_code == 404

    assert poll(client, printer[1]).status_code == 204
    assert again(client, hall, kiosk[1], token)["Location"] == shown


def test_a_number_printed_by_a_browser_needs_nothing_from_the_server(client, hall, kiosk):
    shown, token = take(client, hall, kiosk)

    assert again(client, hall, "", token)["Location"] == shown
    assert PrintJob.objects.count() == 0


def test_a_paper_that_did_not_come_out_is_printed_once_more(client, hall, kiosk, printer):
    shown, token = take(client, hall, kiosk)
    done(client, printer[1], token)

    assert again(client, hall, kiosk[1], token)["Location"] == shown
    assert poll(client, printer[1])["X-Ticket"] == token
    done(client, printer[1], token)
    assert poll(client, printer[1]).status_code == 204
    assert (Ticket.objects.count(), TicketEvent.objects.count()) == (1, 2)


def test_the_kiosk_leaves_the_paper_to_its_printer_and_says_when_that_is_silent(
    client, hall, kiosk, printer
):
    shown, _token = take(client, hall, kiosk)
    assert 'data-by="printer"' in client.get(shown).text

    with time_machine.travel(at(9, 1), tick=False):
        page = client.get(shown)

    assert 'data-by="nobody"' in page.text
    assert "Pencetak tidak menjawab. Pindai kode dengan ponsel" in page.text


def test_the_paper_speaks_the_language_of_the_kiosk(client, hall, kiosk, printer):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    take(client, hall, kiosk)
    del client.cookies[settings.LANGUAGE_COOKIE_NAME]

    assert b"Expected call" in poll(client, printer[1]).content


@pytest.mark.parametrize("jobs", [1, 30])
def test_the_printer_asks_little_of_the_database(
    client, hall, kiosk, printer, django_assert_num_queries, jobs
):
    for _each in range(jobs):
        take(client, hall, kiosk)
    poll(client, printer[1])

    with django_assert_num_queries(6):
        poll(client, printer[1])


def test_asking_for_nothing_asks_even_less(client, printer, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert poll(client, printer[1]).status_code == 204


def test_a_broken_transaction_leaves_neither_number_nor_job(hall, kiosk, printer, monkeypatch):
    monkeypatch.setattr(prints, "get_language", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        prints.issue(hall.service.pk, priority=Priority.NONE, kiosk=kiosk[0], now=at(9), key=key())

    assert (Ticket.objects.count(), PrintJob.objects.count()) == (0, 0)


def test_confirming_twice_by_different_ways_is_one_confirmation(hall):
    pk = tickets.issue(hall.service.pk, priority=Priority.NONE, now=at(9), key=key(), on_paper=True)
    seen = ticket(pk)

    for _way in range(2):  # both read it while it was being printed
        prints.confirm(seen, now=at(9) + timedelta(seconds=5))

    assert ticket(pk).state == State.WAITING
    assert TicketEvent.objects.count() == 2
