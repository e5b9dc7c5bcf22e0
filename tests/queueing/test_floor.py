"""The floor: what stands there, what is wrong with it, and the acts beside it."""

from datetime import time
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from agencies.models import CounterDay
from core import memo
from hall import alarms, announcements, closures, devices, record
from hall.models import Alarm, Announcement, Closure, Device, HallEvent
from queueing import access, desks, floor, tickets
from queueing.floor import troubles
from queueing.floor.now import Doing
from queueing.floor.troubles import Kind
from queueing.models import Desk
from queueing.views import display
from queueing.views.floor import ACTS
from services.assigning import assign
from services.models import CounterQueue
from tests.hall.conftest import appoint, assert_sound
from tests.recipes import (
    add_counter,
    at,
    later,
    make_hall,
    make_officer,
    make_presence,
    make_queue,
    make_service,
)

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}
MEETING = Closure.Reason.MEETING


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def supervisor(hall):
    return make_officer(hall.presence, Role.SUPERVISOR)


def picture(hall, user, now):
    memo.clear_all()
    return floor.picture(access.floor_for(user, hall.mall.slug, now=now), now=now)


def wrong(hall, user, now):
    return troubles.found_on(picture(hall, user, now))


def kinds(hall, user, now):
    return [each.kind for each in wrong(hall, user, now)]


def doing(hall, user, now, seat=0):
    return picture(hall, user, now).counters[seat].doing


def board(hall, admin, *, name="Papan utara", now=None, version=None):
    device = Device(mall=hall.mall, kind=Device.Kind.BOARD, name=name)
    devices.save(device, by=admin, now=at(8))
    devices.enrol(devices.new_code(device, by=admin, now=now or at(9)), now=now or at(9))
    devices.beat(device, version=version, now=now or at(9))
    return device


def second_agency(hall, letter="B"):
    presence = make_presence(hall.mall, f"Instansi {letter}")
    queue = make_queue(presence, letter)
    counter = add_counter(hall, queues=[queue])
    CounterDay.objects.filter(counter=counter).update(presence=presence)
    return presence, queue, make_service(queue)


def test_every_counter_says_what_it_does_and_since_when(hall, admin):
    first = hall.issue(now=at(8, 50))
    assert doing(hall, admin, at(8, 10)) == Doing.FREE
    assert doing(hall, admin, at(8, 31)) == Doing.QUIET
    hall.call(now=at(9))
    assert doing(hall, admin, at(9, 1)) == Doing.CALLED
    hall.act(tickets.serve, first, now=at(9, 2))

    here, other = picture(hall, admin, at(9, 12)).counters

    assert (here.doing, str(here.ticket), here.served_minutes) == (Doing.SERVING, "A-001", 10)
    assert (here.officer, other.doing) == (hall.officer, Doing.QUIET)


def test_a_counter_rests_is_closed_or_has_nobody(hall, admin):
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(9))
    desks.leave(hall.counters[1], by=hall.officers[1], now=at(9))
    resting, empty = picture(hall, admin, at(9, 10)).counters
    assert (resting.doing, resting.since, empty.doing) == (Doing.BREAK, at(9), Doing.EMPTY)

    made = closures.close(hall.counter, reason=MEETING, until=at(11), by=admin, now=at(10))
    assert (doing(hall, admin, at(10)), doing(hall, admin, at(11))) == (Doing.CLOSED, Doing.BREAK)
    closures.end(made, by=admin, now=at(10, 30))
    assert doing(hall, admin, at(10, 30)) == Doing.BREAK


def test_a_queue_says_who_waits_how_long_and_how_much_is_left(hall, admin):
    hall.queue.daily_quota = 5
    hall.queue.save()
    for minute in (0, 10, 20):
        hall.issue(now=at(9, minute))
    hall.call(now=at(9, 30))

    (line,) = picture(hall, admin, at(9, 40)).lines

    assert (line.waiting, line.longest, line.admitted, len(line.open_counters)) == (2, 30, 3, 2)
    assert not line.is_near_quota


def test_a_calm_floor_has_nothing_wrong(hall, admin):
    hall.issue(now=at(8, 5))
    hall.call(now=at(8, 5))

    assert wrong(hall, admin, at(8, 6)) == []


def test_what_is_wrong_stands_in_the_order_of_its_weight(hall, admin):
    hall.queue.daily_quota = 10
    hall.queue.save()
    _presence, _queue, service = second_agency(hall)
    hall.issue(service=service, now=at(8, 30))
    desks.leave(hall.counters[2], by=hall.officers[2], now=at(8, 35))
    for _each in range(8):
        hall.issue(now=at(8, 40))
    hall.call(now=at(8, 40))
    hall.act(tickets.serve, picture(hall, admin, at(8, 40)).counters[0].ticket.pk, now=at(8, 40))
    desks.set_break(hall.counters[1], by=hall.officers[1], on_break=True, now=at(8, 45))
    board(hall, admin)
    alarms.raise_(hall.counter, by=hall.officer, now=at(9, 30))
    closures.request(hall.counter, reason=MEETING, until=at(11), by=hall.officer, now=at(9, 31))

    found = kinds(hall, admin, at(9, 35))

    assert found == [
        Kind.ALARM,
        Kind.REQUEST,
        Kind.NO_COUNTER,
        Kind.SILENT_DEVICE,
        Kind.LONG_WAIT,
        Kind.LONG_BREAK,
        Kind.NEAR_QUOTA,
        Kind.OVER_STANDARD,
    ]


def test_an_officer_who_does_not_call_while_people_wait_is_seen_after_three_minutes(hall, admin):
    hall.issue(now=at(9))

    assert kinds(hall, admin, at(9, 2)) == []
    found = wrong(hall, admin, at(9, 3))
    assert [(each.kind, each.counter.name) for each in found] == [
        (Kind.IDLE, "Loket 1"),
        (Kind.IDLE, "Loket 2"),
    ]
    assert "3 menit" in found[0].title
    hall.call(now=at(9, 4))
    assert kinds(hall, admin, at(9, 10)) == []


def test_at_midday_nobody_is_idle_and_no_break_is_long(hall, admin):
    hall.issue(now=at(11, 40))
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(11, 41))

    assert kinds(hall, admin, at(12, 5)) == []
    assert Kind.LONG_BREAK in kinds(hall, admin, at(13, 5))


def test_a_break_of_the_rota_lasts_as_long_as_it_says(hall, admin):
    CounterDay.objects.filter(counter=hall.counter).update(
        break_from=time(9), break_until=time(9, 45)
    )
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(9))

    seen = [kinds(hall, admin, at(9, minute)) for minute in (10, 30, 44, 45)]

    assert seen == [[], [], [], [Kind.LONG_BREAK]]


def test_agencies_without_anybody_are_named_once_while_the_hall_is_open(hall, admin):
    for letter in "BCDEF":
        second_agency(hall, letter)
    for seat in range(2, 7):
        desks.leave(hall.counters[seat], by=hall.officers[seat], now=at(8))

    (found,) = wrong(hall, admin, at(8, 10))

    assert found.kind == Kind.NOBODY_THERE
    assert found.title == "5 instansi belum punya petugas di loket"
    assert found.text == "Instansi B, Instansi C, Instansi D, Instansi E, dan 1 lainnya."
    assert (kinds(hall, admin, at(7)), kinds(hall, admin, at(12, 30))) == ([], [])


def test_a_wait_is_long_by_the_minutes_of_its_services(hall, admin):
    hall.issue(now=at(8, 40))
    for seat in (0, 1):
        desks.set_break(hall.counters[seat], by=hall.officers[seat], on_break=True, now=at(9))
        desks.set_break(hall.counters[seat], by=hall.officers[seat], on_break=False, now=at(9, 19))

    assert Kind.LONG_WAIT not in kinds(hall, admin, at(9, 20))  # four times ten minutes
    assert Kind.LONG_WAIT in kinds(hall, admin, at(9, 21))


def test_a_quota_that_is_used_up_says_so(hall, admin):
    hall.queue.daily_quota = 2
    hall.queue.save()
    hall.issue(now=at(8, 1))
    assert kinds(hall, admin, at(8, 2)) == []
    hall.issue(now=at(8, 1))

    (found,) = wrong(hall, admin, at(8, 2))

    assert "habis" in found.title
    assert "2 dari 2" in found.text


def test_a_device_is_silent_within_a_minute_and_old_when_it_shows_what_is_past(hall, admin):
    device = board(hall, admin)
    devices.beat(device, version=record.version_of(hall.mall.pk), now=at(9))
    assert kinds(hall, admin, at(9)) == []
    assert kinds(hall, admin, later(at(9), seconds=50)) == [Kind.SILENT_DEVICE]

    shown = record.version_of(hall.mall.pk)
    hall.issue(now=at(9, 1))
    hall.call(now=at(9, 1))
    devices.beat(device, version=shown, now=at(9, 1, 30))
    assert kinds(hall, admin, at(9, 1, 40)) == []  # it may still be on its way
    devices.beat(device, version=shown, now=at(9, 2, 10))
    (found,) = wrong(hall, admin, at(9, 2, 10))
    assert (found.kind, found.device.behind) == (Kind.OLD_PICTURE, 2)
    devices.beat(device, version=record.version_of(hall.mall.pk), now=at(9, 2, 20))
    assert kinds(hall, admin, at(9, 2, 20)) == []


def test_a_supervisor_sees_the_agency_and_the_mall_admin_the_mall(hall, admin, supervisor):
    presence, _queue, service = second_agency(hall)
    hall.issue(service=service, now=at(9))
    board(hall, admin)
    for seat in (0, 2):
        alarms.raise_(hall.counters[seat], by=hall.officers[seat], now=at(9))

    def seen(user):
        shown = picture(hall, user, at(9, 10))
        agencies = [each.presence.board_name for each in shown.agencies]
        letters = [line.queue.letter for line in shown.lines]
        return agencies, letters, len(shown.devices), len(shown.alarms)

    assert seen(admin) == (["Dinas Uji", "Instansi B"], ["A", "B"], 1, 2)
    assert seen(supervisor) == (["Dinas Uji"], ["A"], 0, 1)
    assert seen(make_officer(presence, Role.SUPERVISOR)) == (["Instansi B"], ["B"], 0, 1)


# --- pages -----------------------------------------------------------------------------------


def look(client, user, hall, name="floor", *rest, now=None, query="", **headers):
    client.force_login(user)
    memo.clear_all()
    with time_machine.travel(now or at(9), tick=False):
        return client.get(reverse(name, args=[hall.mall.slug, *rest]) + query, headers=headers)


def press(client, user, hall, act, *, now=None, **form):
    client.force_login(user)
    memo.clear_all()
    with time_machine.travel(now or at(9), tick=False):
        return client.post(reverse("floor_act", args=[hall.mall.slug, act]), form)


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


def asked(hall, seat=0):
    return closures.request(
        *(hall.counters[seat],), reason=MEETING, until=at(11), by=hall.officers[seat], now=at(9)
    )


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


STRANGERS = {
    "other mall": lambda hall: appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall),
    "own officer": lambda hall: hall.officer,
    "agency admin": lambda hall: make_officer(hall.presence, Role.AGENCY_ADMIN),
    "operator": lambda hall: appoint(Role.OPERATOR),
    "ministry": lambda hall: appoint(Role.MINISTRY_MONITOR),
}


def stored():
    models = (Alarm, Closure, CounterQueue, HallEvent, Desk, Announcement)
    return [list(model.objects.order_by("pk").values()) for model in models]


def form_for(hall):
    alarms.raise_(hall.counter, by=hall.officer, now=at(9))
    closure = asked(hall)
    return {
        "counter": hall.counter.pk,
        "closure": closure.pk,
        "alarm": Alarm.objects.get().pk,
        "queue": make_queue(hall.presence, "B").pk,
        "reason": int(MEETING),
        "until": "30",
    }


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_finds_no_floor_and_changes_nothing(client, hall, who):
    user, form = STRANGERS[who](hall), form_for(hall)
    before = stored()

    answers = [
        look(client, user, hall),
        look(client, user, hall, "floor_counter", hall.counter.pk),
        look(client, user, hall, "floor_boards"),
        *(press(client, user, hall, act, **form) for act in ACTS),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert stored() == before


def test_the_supervisor_of_another_agency_runs_only_their_own_counters(client, hall):
    presence, _queue, _service = second_agency(hall, "C")
    user, form = make_officer(presence, Role.SUPERVISOR), form_for(hall)
    before = stored()

    page = look(client, user, hall)
    assert (page.status_code, "Loket 1" in page.text) == (200, False)
    assert look(client, user, hall, "floor_counter", hall.counter.pk).status_code == 404
    refused = {act: press(client, user, hall, act, **form).status_code for act in ACTS}

    assert refused == dict.fromkeys(ACTS, 404)
    assert stored() == before


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
