"""Closing a counter from its console, calling for help, breaks, and what the house has to say."""

from datetime import time, timedelta

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from agencies.models import CounterDay
from core import memo
from core.proof import Scope
from hall import alarms, announcements, closures
from hall.models import Alarm, Announcement, Closure
from queueing import closing, consoles, desks, invariants, tickets
from queueing.models import Desk
from queueing.states import State
from tests.queueing.test_desk import look, press
from tests.recipes import at, key, make_hall, make_officer, make_presence, ticket

pytestmark = pytest.mark.django_db
MEETING = Closure.Reason.MEETING


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def officer(client, hall):
    client.force_login(hall.officer)
    return client


@pytest.fixture
def supervisor(hall):
    return make_officer(hall.presence, Role.SUPERVISOR)


def ask(client, hall, *, until="60", reason=MEETING, now=None, counter=None):
    form = {"reason": reason, "until": until}
    return press(client, counter or hall.counter, "tutup", now=now or at(12), **form)


def decide(supervisor, *, approve, now=None):
    waiting = Closure.objects.get(state=Closure.State.REQUESTED)
    closures.decide(waiting, approve=approve, by=supervisor, now=now or at(12, 1))


def page(client, hall, *, now=None, counter=None):
    answer = look(client, counter or hall.counter, now=now or at(12, 2))
    return " ".join(answer.content.decode().split())


def stamp(hall, now):
    return consoles.stamp(hall.counter, now=now)


def green():
    return [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


# --- asking, and what becomes of it ----------------------------------------------------------


def test_a_request_waits_for_the_supervisor_and_calling_goes_on(officer, hall):
    first = hall.issue()
    ask(officer, hall)

    asked = Closure.objects.get()
    assert (asked.state, asked.reason, asked.until) == (Closure.State.REQUESTED, MEETING, at(13))
    assert "Menunggu persetujuan penyelia" in page(officer, hall)
    assert "/tutup/" not in page(officer, hall)
    assert press(officer, hall.counter, "panggil", now=at(12, 3)).status_code == 200
    assert ticket(first).state == State.CALLED


def test_a_request_is_taken_back(officer, hall):
    ask(officer, hall)
    press(officer, hall.counter, "buka", closure=Closure.objects.get().pk, now=at(12, 3))

    assert Closure.objects.get().state == Closure.State.ENDED
    shown = page(officer, hall, now=at(12, 4))
    assert ("Menunggu persetujuan" in shown, "/tutup/" in shown) == (False, True)
    assert green()


def test_an_approved_closure_stops_calling_until_its_time(officer, hall, supervisor):
    first = hall.issue()
    ask(officer, hall)
    decide(supervisor, approve=True)

    shown = page(officer, hall)
    assert "Ditutup sampai 13.00 WIB" in shown
    assert ("/panggil/" in shown, "Buka sekarang" in shown) == (False, True)
    answer = press(officer, hall.counter, "panggil", now=at(12, 59, 59))
    assert (answer.status_code, answer["X-Refusal"]) == (409, "counter_closed")
    assert ticket(first).state == State.WAITING

    shown = page(officer, hall, now=at(13))
    assert ("Ditutup sampai" in shown, "/panggil/" in shown) == (False, True)
    assert press(officer, hall.counter, "panggil", now=at(13)).status_code == 200
    assert ticket(first).state == State.CALLED
    assert green()


def test_whoever_is_at_the_counter_is_finished_first(officer, hall, supervisor):
    first = hall.issue()
    hall.issue()
    hall.call()
    ask(officer, hall)
    decide(supervisor, approve=True)

    press(officer, hall.counter, "layani", ticket=first, now=at(12, 2))
    shown = page(officer, hall, now=at(12, 3))
    assert ("/selesai-panggil/" in shown, "/selesai/" in shown) == (False, True)
    assert "Selesaikan dahulu nomor yang di loket." in shown
    answer = press(officer, hall.counter, "selesai-panggil", ticket=first, now=at(12, 4))
    assert answer.status_code == 409
    press(officer, hall.counter, "selesai", ticket=first, now=at(12, 5))
    assert ticket(first).state == State.DONE


def test_opening_early_lets_the_very_next_press_call(officer, hall, supervisor):
    first = hall.issue()
    ask(officer, hall)
    decide(supervisor, approve=True)
    assert press(officer, hall.counter, "panggil", now=at(12, 5)).status_code == 409

    press(officer, hall.counter, "buka", closure=Closure.objects.get().pk, now=at(12, 10))

    assert press(officer, hall.counter, "panggil", now=at(12, 10)).status_code == 200
    assert ticket(first).state == State.CALLED


def test_a_refusal_is_a_sentence_for_a_quarter_of_an_hour(officer, hall, supervisor):
    ask(officer, hall)
    decide(supervisor, approve=False, now=at(12, 1))

    shown = page(officer, hall)
    assert "Permintaan menutup loket ditolak 12.01 WIB" in shown
    assert "/tutup/" in shown
    assert "ditolak" not in page(officer, hall, now=at(12, 16))


def test_a_request_nobody_answers_ends_with_its_time(officer, hall):
    ask(officer, hall)

    shown = page(officer, hall, now=at(13))

    assert ("Menunggu persetujuan" in shown, "/tutup/" in shown) == (False, True)


def test_a_supervisor_at_the_counter_closes_at_once(client, hall, supervisor):
    client.force_login(supervisor)
    press(client, hall.counter, "ambil-alih", now=at(11))
    assert "Loket langsung ditutup" in page(client, hall, now=at(11, 1))

    ask(client, hall)

    assert Closure.objects.get().state == Closure.State.APPROVED
    assert "Ditutup sampai 13.00 WIB" in page(client, hall)
    assert green()


def test_a_supervisor_of_another_agency_decides_nothing_here(hall):
    other = make_officer(make_presence(hall.mall, "Instansi lain"), Role.SUPERVISOR)

    assert closing.decides(other, hall.counter, now=at(9)) is False
    assert closing.decides(hall.officer, hall.counter, now=at(9)) is False


def test_a_second_request_is_refused_in_words(officer, hall):
    ask(officer, hall)

    answer = ask(officer, hall)

    assert (answer.status_code, answer["X-Refusal"]) == (409, "closed_already")
    assert Closure.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "until", "code"),
    [
        ("", "15", "reason_missing"),
        ("99", "15", "reason_missing"),
        ("abc", "15", "reason_missing"),
        (1, "", "until_too_late"),
        (1, "16", "until_too_late"),
        (1, "\x00", "until_too_late"),
    ],
)
def test_only_reasons_and_times_of_the_lists(officer, hall, reason, until, code):
    answer = ask(officer, hall, reason=reason, until=until)

    assert answer["X-Refusal"] == code
    assert Closure.objects.count() == 0


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (at(9, 0, 34), {"15": at(9, 15), "30": at(9, 30), "60": at(10), "hari-ini": at(15)}),
        (
            at(15, 20),
            {
                "15": at(15, 35),
                "30": at(15, 50),
                "60": at(16, 20),
                "hari-ini": at(0) + timedelta(days=1),
            },
        ),
    ],
)
def test_when_a_counter_may_open_again(hall, now, ends):
    assert closing.ends(hall.counter, now=now) == ends


def test_the_end_of_a_day_that_is_closed_is_midnight_of_its_zone():
    hall = make_hall(zone="Asia/Jayapura", slug="mpp-timur")
    sunday = at(9, zone=hall.mall.zone) - timedelta(days=1)

    assert closing.ends(hall.counter, now=sunday)["hari-ini"] == at(0, zone=hall.mall.zone)


def test_a_counter_nobody_sits_at_may_be_asked_to_close_by_a_colleague(client, hall):
    desks.leave(hall.counters[1], by=hall.officers[1], now=at(8, 30))
    client.force_login(hall.officer)
    assert "/tutup/" in page(client, hall, counter=hall.counters[1])

    ask(client, hall, counter=hall.counters[1], reason=Closure.Reason.NO_OFFICER)

    assert Closure.objects.get().counter == hall.counters[1]


def test_a_closure_of_another_counter_is_not_opened_here(officer, hall):
    until, by = at(13), hall.officers[1]
    other = closures.close(hall.counters[1], reason=MEETING, until=until, by=by, now=at(9))

    for pk in (other.pk, 0, "abc", ""):
        assert press(officer, hall.counter, "buka", closure=pk).status_code == 404
    other.refresh_from_db()
    assert other.state == Closure.State.APPROVED


@pytest.mark.parametrize("act", ["tutup", "buka", "darurat"])
def test_a_stranger_closes_opens_and_alarms_nothing(client, hall, act):
    standing = closures.request(
        hall.counter, reason=MEETING, until=at(13), by=hall.officer, now=at(9)
    )
    client.force_login(make_officer(make_presence(hall.mall, "Instansi lain"), Role.SUPERVISOR))

    answer = press(client, hall.counter, act, reason=1, until="15", closure=standing.pk)

    assert answer.status_code == 404
    assert list(Closure.objects.values_list("state", flat=True)) == [Closure.State.REQUESTED]
    assert Alarm.objects.count() == 0


# --- the picture changes by itself -----------------------------------------------------------


def test_the_picture_is_another_one_from_the_moment_the_counter_opens(officer, hall, supervisor):
    ask(officer, hall)
    waiting = stamp(hall, at(12, 2))
    decide(supervisor, approve=True)

    closed = stamp(hall, at(12, 2))
    assert closed != waiting
    assert f'data-changes="{at(13).timestamp():.0f}000"' in page(officer, hall)
    # The minute aside, which would hide it: the closure leaves the stamp at its very time.
    before, after = (stamp(hall, now).split("-") for now in (at(12, 59, 59), at(13)))
    assert [before[0], *before[2:]] != [after[0], *after[2:]]
    assert "data-changes" not in page(officer, hall, now=at(13))


def test_what_happens_at_another_counter_or_mall_does_not_draw_this_console_anew(hall):
    other = make_hall(slug="mpp-lain")
    before = stamp(hall, at(9))

    closures.close(hall.counters[1], reason=MEETING, until=at(13), by=hall.officer, now=at(9))
    alarms.raise_(hall.counters[1], by=hall.officers[1], now=at(9))
    say(other, "Selamat datang.")

    assert stamp(hall, at(9)) == before


def test_closure_alarm_and_notice_draw_it_anew(hall):
    seen = [stamp(hall, at(9))]
    alarms.raise_(hall.counter, by=hall.officer, now=at(9))
    seen.append(stamp(hall, at(9)))
    alarms.answer(Alarm.objects.get(), by=hall.officers[1], now=at(9))
    seen.append(stamp(hall, at(9)))
    announcement = say(hall, "Listrik padam sebentar.")
    seen.append(stamp(hall, at(9)))
    announcements.withdraw(announcement, by=hall.officer, now=at(9))
    closures.request(hall.counter, reason=MEETING, until=at(13), by=hall.officer, now=at(9))
    seen.append(stamp(hall, at(9)))

    assert len(set(seen)) == 5


# --- calling for help ------------------------------------------------------------------------


def test_an_alarm_stands_until_somebody_answers_and_is_said_a_while(officer, hall, supervisor):
    for _tap in range(2):
        press(officer, hall.counter, "darurat", now=at(9))
    raised = Alarm.objects.get()
    shown = page(officer, hall, now=at(9, 1))
    assert "Penyelia sudah dipanggil 09.00 WIB" in shown
    assert 'popovertarget="darurat" data-key' not in shown

    alarms.answer(raised, by=supervisor, now=at(9, 4))
    shown = page(officer, hall, now=at(9, 5))
    assert "Panggilan darurat ditanggapi 09.04 WIB" in shown
    assert 'popovertarget="darurat" data-key' in shown
    assert "ditanggapi" not in page(officer, hall, now=at(9, 19))
    assert green()


def test_a_second_emergency_is_a_new_alarm(officer, hall, supervisor):
    press(officer, hall.counter, "darurat", now=at(9))
    alarms.answer(Alarm.objects.get(), by=supervisor, now=at(9, 1))

    press(officer, hall.counter, "darurat", now=at(9, 2))

    assert Alarm.objects.filter(answered_at=None).count() == 1
    assert "Penyelia sudah dipanggil 09.02 WIB" in page(officer, hall, now=at(9, 3))


# --- breaks, notices -------------------------------------------------------------------------


def test_a_break_says_since_when_and_what_the_rota_says(officer, hall):
    CounterDay.objects.filter(counter=hall.counter, weekday=0).update(
        break_from=time(12), break_until=time(13)
    )
    assert "Istirahat menurut jadwal 12.00–13.00 WIB." in page(officer, hall, now=at(11))

    press(officer, hall.counter, "istirahat", now=at(12, 5))

    shown = page(officer, hall, now=at(12, 20))
    assert "Sejak 12.05 WIB." in shown
    assert "Istirahat menurut jadwal 12.00–13.00 WIB." in shown


def test_without_a_rota_nothing_is_said_about_one(officer, hall):
    assert "menurut jadwal" not in page(officer, hall)


def test_the_newest_notice_of_the_house_is_one_line(officer, hall, client):
    say(hall, "Kantin tutup.")
    newest = say(hall, "Listrik padam sebentar.", text_en="A short power cut.")
    shown = page(officer, hall)
    assert ("Listrik padam sebentar." in shown, "Kantin tutup." in shown) == (True, False)
    client.cookies["mpp_language"] = "en"
    assert "A short power cut." in page(client, hall)
    client.cookies["mpp_language"] = "id"

    announcements.withdraw(newest, by=hall.officer, now=at(12, 2))

    assert "Kantin tutup." in page(officer, hall)


def say(hall, text, **more):
    readers = {"on_boards": True, "on_phones": False}
    return announcements.say(
        hall.mall, text, ends_at=at(15), by=hall.officer, now=at(9), **readers, **more
    )


@pytest.mark.parametrize("many", [1, 30])
def test_the_console_takes_the_same_queries_whatever_the_hall_went_through(
    officer, hall, supervisor, many, django_assert_num_queries
):
    for minute in range(many):
        now = at(9, minute)
        asked = closures.request(
            hall.counter, reason=MEETING, until=at(12), by=hall.officer, now=now
        )
        closures.decide(asked, approve=minute % 2 == 0, by=supervisor, now=now)
        closures.end(asked, by=hall.officer, now=now)
        alarms.raise_(hall.counter, by=hall.officer, now=now)
        alarms.answer(Alarm.objects.latest("pk"), by=supervisor, now=now)
        say(hall, f"Pengumuman {minute}")
        desks.set_break(hall.counter, by=hall.officer, on_break=True, now=now)
    ask(officer, hall, now=at(9, 40))
    alarms.raise_(hall.counter, by=hall.officer, now=at(9, 40))
    look(officer, hall.counter, now=at(9, 41))

    with django_assert_num_queries(19):
        look(officer, hall.counter, now=at(9, 41))


def test_asking_whether_anything_changed_is_a_few_queries(officer, hall, django_assert_num_queries):
    seen = look(officer, hall.counter).context["console"].stamp
    address = f"{reverse('desk', args=[hall.counter.pk])}?seen={seen}"

    with time_machine.travel(at(9), tick=False), django_assert_num_queries(4):
        answer = officer.get(address, headers={"HX-Request": "true"})

    assert answer.status_code == 204


def test_a_closed_counter_keeps_its_officer(officer, hall, supervisor):
    ask(officer, hall)
    decide(supervisor, approve=True)

    assert Desk.objects.get(counter=hall.counter).officer == hall.officer
    assert press(officer, hall.counter, "istirahat", now=at(12, 3)).status_code == 200
    assert "Buka sekarang" in page(officer, hall, now=at(12, 4))


def test_a_held_person_is_not_offered_to_a_closed_counter(officer, hall, supervisor):
    first = hall.issue()
    hall.call()
    hall.act(tickets.serve, first)
    hall.act(tickets.hold, first)
    ask(officer, hall)
    decide(supervisor, approve=True)

    assert "/teruskan/" not in page(officer, hall)
    tickets.resume(first, counter=hall.counter, by=hall.officer, now=at(13), key=key())
    assert ticket(first).state == State.CALLED


def test_a_notice_that_has_ended_is_gone(officer, hall):
    baker.make(
        Announcement,
        mall=hall.mall,
        text="Kemarin",
        begins_at=at(8),
        ends_at=at(9),
        by=hall.officer,
    )
    memo.clear_all()

    assert "Kemarin" not in page(officer, hall)
