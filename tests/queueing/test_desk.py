"""The console: every button, what it shows, whom it refuses."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from agencies.models import Counter, CounterDay
from core import memo
from queueing import tickets
from queueing.models import Desk, TicketEvent
from queueing.states import Priority, Reason, Rule, State
from queueing.views.desk import ACTS
from tests.queueing.desks import look, press
from tests.recipes import at, make_hall, make_presence, make_queue, make_service, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def officer(client, hall):
    client.force_login(hall.officer)
    return client


def test_a_morning_by_the_buttons(officer, hall):
    first, second = hall.issue(now=at(8, 50)), hall.issue(now=at(8, 55))

    press(officer, hall.counter, "panggil")
    assert ticket(first).state == State.CALLED
    press(officer, hall.counter, "ulang", ticket=first)
    assert ticket(first).is_slow is False
    press(officer, hall.counter, "ulang-pelan", ticket=first)
    assert (ticket(first).is_slow, ticket(first).recalls) == (True, 2)
    press(officer, hall.counter, "layani", ticket=first)
    assert ticket(first).state == State.SERVING
    press(officer, hall.counter, "selesai-panggil", ticket=first)
    assert [ticket(first).state, ticket(second).state] == [State.DONE, State.CALLED]
    press(officer, hall.counter, "lewati", ticket=second)
    assert ticket(second).state == State.NO_SHOW
    press(officer, hall.counter, "kembalikan", ticket=second)
    assert ticket(second).state == State.WAITING
    press(officer, hall.counter, "panggil")
    press(officer, hall.counter, "layani", ticket=second)
    press(officer, hall.counter, "tunda", ticket=second)
    assert ticket(second).state == State.HOLD
    press(officer, hall.counter, "teruskan", ticket=second)
    press(officer, hall.counter, "layani", ticket=second)
    press(officer, hall.counter, "selesai", ticket=second)
    assert ticket(second).state == State.DONE


def test_a_mistaken_call_is_taken_back(officer, hall):
    first = hall.issue()
    press(officer, hall.counter, "panggil", now=at(9))

    press(officer, hall.counter, "batalkan", ticket=first, now=at(9, 0, 20))

    assert ticket(first).state == State.WAITING


def test_a_transfer_goes_to_a_service_of_this_mall(officer, hall):
    service = make_service(make_queue(hall.presence, "B"), "Layanan lain")
    first = hall.issue()
    press(officer, hall.counter, "panggil")
    press(officer, hall.counter, "layani", ticket=first)
    assert "Layanan lain" in look(officer, hall.counter).content.decode()

    press(officer, hall.counter, "alihkan", ticket=first, service=service.pk)

    assert ticket(first).state == State.TRANSFERRED


def test_a_transfer_without_a_service_is_refused_in_words(officer, hall):
    first = hall.issue()
    press(officer, hall.counter, "panggil")
    press(officer, hall.counter, "layani", ticket=first)

    answer = press(officer, hall.counter, "alihkan", ticket=first, service="")

    assert (answer.status_code, answer["X-Refusal"]) == (409, "not_offered")
    assert ticket(first).state == State.SERVING


def test_calling_out_of_order_needs_a_reason_of_the_list(officer, hall):
    hall.issue()
    second = hall.issue()
    for reason in ("", "99", "abc"):
        answer = press(officer, hall.counter, "pilih", ticket=second, reason=reason)
        assert (answer.status_code, answer["X-Refusal"]) == (422, "reason_missing")
    assert ticket(second).state == State.WAITING

    press(officer, hall.counter, "pilih", ticket=second, reason=Reason.URGENT_HEALTH)

    assert ticket(second).state == State.CALLED
    assert TicketEvent.objects.get(rule=Rule.OUT_OF_ORDER).reason == Reason.URGENT_HEALTH


def test_the_same_form_sent_twice_is_one_effect(officer, hall):
    hall.issue()
    hall.issue()
    key = uuid4()

    answers = [press(officer, hall.counter, "panggil", key=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert TicketEvent.objects.filter(rule__isnull=False).count() == 1


def test_no_two_forms_of_a_screen_share_a_key(officer, hall):
    for _ in range(4):
        hall.issue()
    press(officer, hall.counter, "panggil")
    page = look(officer, hall.counter).content.decode()

    keys = [part.split('"')[0] for part in page.split('name="key" value="')[1:]]

    assert len(keys) == len(set(keys)) == page.count("<form")


def test_calling_when_nobody_waits_says_so_and_only_then(officer, hall):
    answer = press(officer, hall.counter, "panggil")
    assert "Tidak ada yang menunggu." in answer.content.decode()

    hall.issue()
    answer = press(officer, hall.counter, "panggil")
    assert "Tidak ada yang menunggu." not in answer.content.decode()


def test_without_a_script_an_act_leads_back_to_the_console(officer, hall):
    hall.issue()

    answer = press(officer, hall.counter, "panggil", htmx=False)

    assert (answer.status_code, answer.url) == (302, reverse("desk", args=[hall.counter.pk]))


def test_a_refusal_without_a_script_is_a_sentence_on_the_console(officer, hall):
    hall.issue()
    press(officer, hall.counter, "panggil")
    address = reverse("desk_act", args=[hall.counter.pk, "panggil"])
    page = "http://testserver" + reverse("desk", args=[hall.counter.pk])
    with time_machine.travel(at(9), tick=False):
        answer = officer.post(address, {"key": uuid4()}, headers={"Referer": page}, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert "Selesaikan dahulu nomor yang sedang dilayani." in answer.content.decode()


def test_a_press_on_an_old_screen_changes_nothing(officer, hall):
    first = hall.issue()
    press(officer, hall.counter, "panggil")
    press(officer, hall.counter, "layani", ticket=first)

    answer = press(officer, hall.counter, "lewati", ticket=first)

    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#flash")
    assert "Nomor ini sudah berstatus Sedang dilayani." in answer.content.decode()
    assert ticket(first).state == State.SERVING


def test_break_and_back_and_the_end_of_duty(officer, hall):
    press(officer, hall.counter, "istirahat")
    assert Desk.objects.get(counter=hall.counter).on_break is True
    assert "Loket sedang istirahat" in look(officer, hall.counter).content.decode()
    press(officer, hall.counter, "lanjut")
    assert Desk.objects.get(counter=hall.counter).on_break is False
    press(officer, hall.counter, "pulang")
    assert Desk.objects.get(counter=hall.counter).officer is None


def test_taking_over_names_who_sits_there_and_must_be_meant(officer, hall):
    other = hall.counters[1]
    hall.officers[1].first_name = "Siti Aminah"
    hall.officers[1].save()
    page = look(officer, other).content.decode()
    assert "Ambil alih dari Siti Aminah" in page

    assert press(officer, other, "mulai").status_code == 409
    assert Desk.objects.get(counter=other).officer == hall.officers[1]

    press(officer, other, "ambil-alih")
    assert Desk.objects.get(counter=other).officer == hall.officer
    assert Desk.objects.get(counter=hall.counter).officer is None


def test_the_demonstration_says_that_taking_over_stops_the_simulation_here(officer, hall, settings):
    sentence = "Simulasi di loket ini berhenti begitu Anda mengambil alih."
    assert sentence not in look(officer, hall.counters[1]).content.decode()

    settings.DEMO = True

    assert sentence in look(officer, hall.counters[1]).content.decode()


def test_whoever_does_not_sit_there_sees_no_button_that_calls(officer, hall):
    hall.issue()
    hall.issue()
    page = look(officer, hall.counters[1]).content.decode()

    acts = {act for act in ACTS if f"/{act}/" in page}

    assert acts == {"ambil-alih"}


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        ("free", {"panggil", "istirahat", "pulang", "pilih", "tutup", "darurat"}),
        ("called", {"layani", "ulang", "ulang-pelan", "lewati", "batalkan", "tutup", "darurat"}),
        (
            "serving",
            {"selesai-panggil", "selesai", "tunda", "alihkan"}
            | {"catat", "berkas", "tutup", "darurat"},
        ),
        ("break", {"lanjut", "pulang", "tutup", "darurat"}),
        ("left", {"mulai", "tutup"}),
    ],
)
def test_the_buttons_follow_the_state(officer, hall, state, acts):
    first = hall.issue()
    hall.issue()
    hall.issue()
    steps = {
        "free": [],
        "called": ["panggil"],
        "serving": ["panggil", "layani"],
        "break": ["istirahat"],
        "left": ["pulang"],
    }
    for act in steps[state]:
        press(officer, hall.counter, act, ticket=first)
    page = look(officer, hall.counter).content.decode()

    assert {act for act in ACTS if f"/{act}/" in page} == acts
    assert page.count('data-key="enter"') == 1


def test_recall_is_offered_three_times_and_undo_for_half_a_minute(officer, hall):
    first = hall.issue()
    press(officer, hall.counter, "panggil", now=at(9))
    for _ in range(3):
        assert "/ulang/" in look(officer, hall.counter).content.decode()
        press(officer, hall.counter, "ulang", ticket=first)
    page = look(officer, hall.counter, now=at(9, 0, 29)).content.decode()
    assert ("/ulang/" in page, "/batalkan/" in page) == (False, True)

    page = look(officer, hall.counter, now=at(9, 0, 30)).content.decode()
    assert "/batalkan/" not in page


def test_somebody_called_back_from_a_hold_cannot_be_undone(officer, hall):
    first = hall.issue()
    for second, act in enumerate(["panggil", "layani", "tunda", "teruskan"]):
        press(officer, hall.counter, act, ticket=first, now=at(9, 0, second))

    assert "/batalkan/" not in look(officer, hall.counter, now=at(9, 0, 5)).content.decode()


def test_the_console_shows_number_service_papers_group_and_clock(officer, hall):
    first = hall.issue(now=at(8, 46), priority=Priority.ELDERLY)
    press(officer, hall.counter, "panggil", now=at(9))
    press(officer, hall.counter, "layani", ticket=first, now=at(9, 1))

    page = look(officer, hall.counter, now=at(9, 5, 12)).content.decode()

    for shown in (
        "Layanan Uji",
        "KTP-el",
        "Lansia",
        "dipanggil 09.00 WIB, menunggu 14 menit",
        "04.12</b>",
        "standar 10 menit",
    ):
        assert shown in page
    late = look(officer, hall.counter, now=at(9, 11, 1)).content.decode()
    assert "lewat standar 10 menit" in late


def test_the_console_lists_the_waiting_in_calling_order_with_their_minutes(officer, hall):
    hall.issue(now=at(8, 30))
    hall.issue(now=at(8, 40), priority=Priority.PREGNANT)

    console = look(officer, hall.counter).context["console"]

    shown = [(str(person.ticket), person.minutes) for person in console.people]
    assert shown == [("A-002", 20), ("A-001", 30)]
    assert (console.longest_minutes, console.more) == (30, 0)


def test_a_known_picture_is_not_drawn_again(officer, hall):
    page = look(officer, hall.counter, **{"HX-Request": "true"})
    stamp = page.context["console"].stamp
    address = reverse("desk", args=[hall.counter.pk]) + f"?seen={stamp}&v=1"

    def ask(now):
        with time_machine.travel(now, tick=False):
            return officer.get(address, headers={"HX-Request": "true"}).status_code

    assert ask(at(9, 0, 59)) == 204
    assert ask(at(9, 1)) == 200  # the minutes of those who wait have changed
    other = make_service(make_queue(make_presence(hall.mall, "Instansi lain"), "C"))
    counter = baker.make(Counter, mall=hall.mall, number="9")
    baker.make(CounterDay, counter=counter, presence=other.presence, weekday=0)
    memo.clear_all()
    hall.issue(service=other)
    assert ask(at(9, 0, 59)) == 204  # a number of another agency changes nothing here
    hall.issue()
    assert ask(at(9, 0, 59)) == 200


def test_a_fragment_is_the_part_that_the_page_includes(officer, hall):
    fragment = look(officer, hall.counter, **{"HX-Request": "true"}).content.decode().strip()

    assert fragment.startswith('<div id="desk"')
    assert "<html" not in fragment


@pytest.mark.parametrize("waiting", [1, 30])
def test_the_console_takes_the_same_queries_however_many_wait(
    officer, hall, waiting, django_assert_num_queries
):
    for minute in range(waiting):
        hall.issue(now=at(8, minute))
    skipped = hall.call(now=at(8, 40))
    hall.act(tickets.skip, skipped, now=at(8, 41))
    hall.issue()
    look(officer, hall.counter)  # what is remembered for seconds is read once

    with django_assert_num_queries(17):
        look(officer, hall.counter)


@pytest.mark.parametrize("waiting", [1, 30])
def test_calling_takes_the_same_queries_however_many_wait(
    officer, hall, waiting, django_assert_num_queries
):
    for minute in range(waiting):
        hall.issue(now=at(8, minute))
    look(officer, hall.counter)

    with django_assert_num_queries(14):
        press(officer, hall.counter, "panggil", htmx=False)


def test_today_is_the_malls_day_not_the_servers(client):
    hall = make_hall(zone="Asia/Jayapura", slug="mpp-timur", counters=1)
    client.force_login(hall.officer)

    # 23:30 WIB on Sunday is 01:30 on Monday in Jayapura, when the counter is the agency's again.
    sunday = at(23, 30).replace(day=8)
    assert look(client, hall.counter, now=sunday).status_code == 200
    assert look(client, hall.counter, now=sunday.replace(hour=21)).status_code == 404
