"""The pages of the floor: closing, opening, moving, and what the boards show."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from agencies.models import CounterDay
from core import memo
from hall import alarms, announcements, devices, record
from hall.models import Alarm, Closure, Device, HallEvent
from queueing import access
from queueing.floor.troubles import Kind
from queueing.views import display
from queueing.views.floor import ACTS
from services.assigning import assign
from services.models import CounterQueue
from tests.hall.conftest import appoint, assert_sound
from tests.queueing.floor import MEETING, asked, board, kinds, look, press, second_agency, wrong
from tests.recipes import add_counter, at, make_hall, make_officer, make_queue, make_service

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def supervisor(hall):
    return make_officer(hall.presence, Role.SUPERVISOR)


def test_the_page_shows_the_worst_first_and_folds_the_rest(client, hall, admin):
    hall.issue(now=at(8, 50))
    alarms.raise_(hall.counter, by=hall.officer, now=at(9))

    page = look(client, admin, hall, now=at(9, 1)).text

    assert page.index("Loket 1 memanggil bantuan") < page.index("tidak memanggil selama")
    assert "<details" in page
    assert "Umumkan sesuatu" in page


def test_an_empty_floor_says_that_it_is_calm(client, hall, admin):
    page = look(client, admin, hall, now=at(8, 1)).text
    assert "Tidak ada yang perlu ditangani" in page

    assert "Loket sedang tutup" in look(client, admin, hall, now=at(7)).text
    CounterDay.objects.all().delete()
    assert "Tidak ada loket hari ini" in look(client, admin, hall).text


def test_a_known_picture_is_not_sent_again_until_something_happens_or_falls_silent(
    client, hall, admin
):
    board(hall, admin, now=at(9))
    first = look(client, admin, hall, now=at(9), **PART)
    query = f"?seen={first.context['stamp']}"

    assert look(client, admin, hall, query=query, now=at(9, 0, 40), **PART).status_code == 204
    assert look(client, admin, hall, query=query, now=at(9, 0, 50), **PART).status_code == 200
    hall.issue(now=at(9))
    assert look(client, admin, hall, query=query, now=at(9, 0, 40), **PART).status_code == 200
    assert "<html" not in first.text


def test_the_supervisor_has_no_devices_boards_or_announcements(client, hall, supervisor):
    page = look(client, supervisor, hall).text

    assert ("Umumkan sesuatu" in page, "Perangkat" in page) == (False, False)
    assert look(client, supervisor, hall, "floor_boards").status_code == 404


def test_whoever_runs_one_floor_is_led_to_it(client, hall, admin):
    client.force_login(admin)
    assert client.get(reverse("floors")).url == reverse("floor", args=[hall.mall.slug])

    other = make_hall(slug="mpp-kedua")
    baker.make(
        "agencies.Assignment", user=admin, role=Role.MALL_ADMIN, mall=other.mall, agency=None
    )
    assert reverse("floor", args=["mpp-kedua"]) in client.get(reverse("floors")).text
    client.force_login(hall.officer)
    assert client.get(reverse("floors")).status_code == 404


@pytest.mark.parametrize(
    ("act", "state"),
    [("setujui", Closure.State.APPROVED), ("tolak", Closure.State.REFUSED)],
)
def test_a_request_is_decided_beside_it(client, hall, supervisor, act, state):
    closure = asked(hall)

    answer = press(client, supervisor, hall, act, closure=closure.pk)

    closure.refresh_from_db()
    assert (answer.url, closure.state) == (reverse("floor", args=[hall.mall.slug]), state)
    assert closure.decided_by == supervisor
    assert press(client, supervisor, hall, act, closure=closure.pk).status_code == 409
    assert_sound()


def test_a_counter_is_closed_and_opened_again(client, hall, supervisor):
    page = look(client, supervisor, hall, "floor_counter", hall.counter.pk)
    assert "Tutup loket ini" in page.text

    press(
        client, supervisor, hall, "tutup", counter=hall.counter.pk, reason=int(MEETING), until="30"
    )
    closure = Closure.objects.get()
    assert (closure.state, closure.until) == (Closure.State.APPROVED, at(9, 30))
    assert "Buka sekarang" in look(client, supervisor, hall, "floor_counter", hall.counter.pk).text

    press(client, supervisor, hall, "buka", closure=closure.pk)
    closure.refresh_from_db()
    assert closure.state == Closure.State.ENDED
    assert_sound()


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"until": "30"}, "reason_missing"),
        ({"reason": 99, "until": "30"}, "reason_missing"),
        ({"reason": 3}, "until_too_late"),
    ],
)
def test_without_a_reason_or_an_end_nothing_closes(client, hall, admin, form, why):
    answer = press(client, admin, hall, "tutup", counter=hall.counter.pk, **form)

    assert answer["X-Refusal"] == why
    assert not Closure.objects.exists()


def test_an_alarm_is_answered(client, hall, supervisor):
    alarms.raise_(hall.counter, by=hall.officer, now=at(9))

    press(client, supervisor, hall, "tanggapi", alarm=Alarm.objects.get().pk)

    assert Alarm.objects.get().answered_by == supervisor
    assert_sound()


def served_by(counter):
    lines = CounterQueue.objects.filter(counter=counter).order_by("queue__letter")
    return list(lines.values_list("queue__letter", flat=True))


def test_a_counter_is_moved_to_other_queues_and_its_person_stays(client, hall, supervisor):
    second = make_queue(hall.presence, "B")
    other = make_service(second)
    first = hall.issue(now=at(8, 50))
    hall.call(now=at(8, 55))

    press(client, supervisor, hall, "pindahkan", counter=hall.counter.pk, queue=second.pk)

    assert served_by(hall.counter) == ["B"]
    memo.clear_all()
    assert access.ticket_at(hall.counter, first, now=at(9)).pk == first
    hall.done(first, now=at(9))
    following = hall.issue(service=other, now=at(9))
    assert hall.call(now=at(9, 1)) == following
    assert_sound()


def test_a_helper_is_named_beside_the_queue_and_keeps_its_own(client, hall, admin):
    second = make_queue(hall.presence, "B")
    service = make_service(second)
    hall.issue(service=service, now=at(8, 50))
    hall.issue(now=at(8, 50))

    (found,) = [each for each in wrong(hall, admin, at(9)) if each.kind == Kind.NO_COUNTER]
    assert "Loket 1 ikut melayani B" in look(client, admin, hall).text

    press(client, admin, hall, "bantu", counter=found.helper.pk, queue=second.pk)
    assert served_by(hall.counter) == ["A", "B"]
    assert Kind.NO_COUNTER not in kinds(hall, admin, at(9))
    assert_sound()


def test_only_todays_queues_of_todays_agency_are_given_to_a_counter(client, hall, admin):
    presence, far, _service = second_agency(hall)
    tuesday = make_queue(presence, "C")
    baker.make(CounterQueue, counter=hall.counter, queue=tuesday, rank=1)

    refused = press(client, admin, hall, "pindahkan", counter=hall.counter.pk, queue=far.pk)
    assert refused["X-Refusal"] == "not_its_queue"
    none = press(client, admin, hall, "pindahkan", counter=hall.counter.pk)
    assert none["X-Refusal"] == "no_queue_left"
    assert served_by(hall.counter) == ["A", "C"]

    mine = make_queue(hall.presence, "D")
    press(client, admin, hall, "pindahkan", counter=hall.counter.pk, queue=mine.pk)
    assert served_by(hall.counter) == ["C", "D"]  # what it does for others on other days stays
    assert HallEvent.objects.filter(act="counter.queues").count() == 1
    assert_sound()


def test_assigning_what_it_serves_already_writes_nothing(hall, admin):
    before = record.version_of(hall.mall.pk)

    assign(hall.counter, [hall.queue.pk], by=admin, now=at(9))

    assert record.version_of(hall.mall.pk) == before


def test_the_boards_are_shown_as_they_are_with_what_they_last_said(client, hall, admin):
    hall.issue(now=at(8, 58))
    hall.call(now=at(8, 59))
    version = record.version_of(hall.mall.pk) + 3  # added, given a code, enrolled
    board(hall, admin, name="Papan A", version=version)
    board(hall, admin, name="Papan B", version=1)
    devices.beat(
        Device.objects.get(name="Papan A"), version=record.version_of(hall.mall.pk), now=at(9)
    )

    page = look(client, admin, hall, "floor_boards")

    walls = {each.of.device.name: each for each in page.context["walls"]}
    assert walls["Papan A"].words == walls["Papan B"].words
    assert "A -001".replace(" ", "") in walls["Papan A"].words.replace(" ", "")
    assert (walls["Papan A"].of.behind, walls["Papan B"].of.is_old) == (0, True)
    assert "Sama dengan sekarang" in page.text
    assert "Tertinggal" in page.text
    assert page.text.count('id="panggilan"') == 0


def test_boards_of_the_same_part_are_drawn_once(client, hall, admin, monkeypatch):
    for index in range(3):
        board(hall, admin, name=f"Papan {index}")
    Device.objects.filter(name="Papan 2").update(presence=hall.presence)
    drawn = []
    monkeypatch.setattr(display, "drawing", lambda scene: drawn.append(scene) or "<p>x</p>")

    page = look(client, admin, hall, "floor_boards")

    assert len(page.context["walls"]) == 3
    assert [scene.screen.scope.presence_id for scene in drawn] == [None, hall.presence.pk]


def test_without_an_enrolled_board_the_common_one_is_shown(client, hall, admin):
    page = look(client, admin, hall, "floor_boards")

    assert "Papan tanpa pendaftaran" in page.text
    query = f"?seen={page.context['stamp']}"
    assert look(client, admin, hall, "floor_boards", query=query, **PART).status_code == 204


@pytest.mark.parametrize("value", ["", "x", "-1", "²", "9" * 30, "0"])
def test_what_no_button_sends_is_nobodys(client, hall, admin, value):
    for act in ACTS:
        form = {"counter": value, "closure": value, "alarm": value, "queue": value}
        assert press(client, admin, hall, act, **form).status_code == 404
    assert press(client, admin, hall, "meledak").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_floor_takes_the_same_queries_with_one_row_and_with_thirty(
    client, hall, admin, supervisor, rows, django_assert_num_queries
):
    for index in range(rows):
        letter = "BCDEFGHJKLNPRSTUVXYZ"[index % 20] + ("A" if index >= 20 else "")
        service = make_service(make_queue(hall.presence, letter))
        add_counter(hall)
        hall.issue(service=service, now=at(8, 30))
        board(hall, admin, name=f"Papan {index}")
        alarms.raise_(hall.counters[-1], by=hall.officers[-1], now=at(9))
        asked(hall, seat=len(hall.counters) - 1)
        announcements.say(
            *(hall.mall, f"Kabar {index}"),
            ends_at=at(10),
            on_boards=True,
            on_phones=False,
            by=admin,
            now=at(9),
        )
    hall.call(now=at(9))
    for user, name, rest, count in (
        (admin, "floor", [], 24),
        (supervisor, "floor", [], 20),
        (admin, "floor_counter", [hall.counter.pk], 22),
        (admin, "floor_boards", [], 22),
    ):
        look(client, user, hall, name, *rest, now=at(9, 5))  # signs in
        with time_machine.travel(at(9, 5), tick=False), django_assert_num_queries(count):
            client.get(reverse(name, args=[hall.mall.slug, *rest]))


def test_a_key_of_another_form_is_not_needed_here(client, hall, admin):
    """Acts of the hall name what they change, so a second press changes nothing."""
    alarms.raise_(hall.counter, by=hall.officer, now=at(9))
    pk, key = Alarm.objects.get().pk, uuid4()

    for _time in range(2):
        assert press(client, admin, hall, "tanggapi", alarm=pk, key=key).status_code == 302
    assert HallEvent.objects.filter(act="alarm.answered").count() == 1
