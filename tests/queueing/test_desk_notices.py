"""What the console hears of without a press: alarms, breaks, notices of the house."""

from datetime import time

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from agencies.models import CounterDay
from core import memo
from hall import alarms, announcements, closures
from hall.models import Alarm, Announcement
from queueing import consoles, desks
from tests.queueing.closing import MEETING, ask, decide, green, page
from tests.queueing.desks import look, press
from tests.recipes import at, make_hall, make_officer

pytestmark = pytest.mark.django_db


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


def stamp(hall, now):
    return consoles.stamp(hall.counter, now=now)


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
