"""What a board says besides numbers: announcements, closed counters, the voice."""

from datetime import time

import pytest
import time_machine
from django.conf import settings

from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import CounterDay
from core import memo
from hall import announcements, closures, record
from hall.models import Announcement, Closure
from queueing import desks, notices, screens, tickets
from tests.queueing.boards import address, picture, place
from tests.recipes import add_counter, at, make_hall

pytestmark = pytest.mark.django_db
PART = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


# Announcements and notices


def lines(hall, now, scope=screens.WHOLE_MALL):
    status = opening.status(calendar_of(hall.mall.pk), now)
    version = record.version_of(hall.mall.pk)
    return notices.at(hall.mall, scope, status, version=version, now=now)


def say(hall, text, *, until, is_running=False, **more):
    readers = {"on_boards": True, "on_phones": False} | more
    announcements.say(
        hall.mall, text, ends_at=until, is_running=is_running, by=hall.officer, now=at(9), **readers
    )


def test_announcements_are_banners_or_lines_until_their_time_is_over(hall):
    say(hall, "Pindah.", until=at(10))
    say(hall, "Berjalan.", until=at(11), is_running=True)
    say(hall, "Hanya ponsel.", until=at(11), on_boards=False, on_phones=True)

    assert lines(hall, at(9, 30)) == notices.Notices(["Pindah."], ["Berjalan."])
    assert lines(hall, at(10)) == notices.Notices([], ["Berjalan."])
    assert lines(hall, at(11)) == notices.NOTHING


def test_a_withdrawn_announcement_is_gone_at_once(client, hall):
    say(hall, "Pindah.", until=at(10))
    assert "<span>Pindah.</span>" in client.get(address(hall)).text

    announcements.withdraw(Announcement.objects.get(), by=hall.officer, now=at(9))

    assert "Pindah." not in client.get(address(hall)).text


def test_an_announcement_is_read_in_the_language_of_the_board(client, hall):
    announcements.say(
        hall.mall,
        "Listrik padam.",
        text_en="Power cut.",
        ends_at=at(10),
        on_boards=True,
        on_phones=False,
        by=hall.officer,
        now=at(9),
    )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert "<span>Power cut.</span>" in client.get(address(hall)).text


def test_the_board_changes_when_an_announcement_ends_without_an_event(client, hall):
    say(hall, "Pindah.", until=at(9, 10))
    page = client.get(address(hall))
    known = {"v": page.context["version"], "p": page.context["phase"]}

    assert client.get(address(hall), known, **PART).status_code == 204
    with time_machine.travel(at(9, 10), tick=False):
        answer = client.get(address(hall), known, **PART)

    assert answer.status_code == 200
    assert "Pindah." not in answer.text


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (9, 0, []),
        (11, 29, []),
        (11, 30, ["Istirahat pukul 12.00–13.00 WIB."]),
        (12, 0, ["Istirahat sampai 13.00 WIB, nomor tetap dapat diambil."]),
        (13, 0, []),
        (14, 30, ["Loket tutup pukul 15.00 WIB."]),
        (15, 0, []),
    ],
)
def test_rest_and_closing_are_said_in_time(hall, hour, minute, said):
    assert lines(hall, at(hour, minute)).lines == said


def close(hall, seat, until):
    reason = Closure.Reason.MEETING
    closures.close(hall.counters[seat], reason=reason, until=until, by=hall.officer, now=at(9))


def test_counters_that_do_not_serve_are_named_together(hall):
    for _more in range(4):
        add_counter(hall)
    for seat in (0, 1):
        close(hall, seat, at(11))
    close(hall, 2, at(13))
    desks.set_break(hall.counters[3], by=hall.officers[3], on_break=True, now=at(9))
    CounterDay.objects.filter(counter=hall.counters[4]).update(
        break_from=time(10), break_until=time(10, 30)
    )

    assert lines(hall, at(10, 15)).lines == [
        "Loket 1 dan 2 ditutup sampai pukul 11.00 WIB.",
        "Loket 3 ditutup sampai pukul 13.00 WIB.",
        "Loket 4 istirahat.",
        "Loket 5 istirahat sampai pukul 10.30 WIB.",
    ]
    assert lines(hall, at(11, 15)).lines == [
        "Loket 3 ditutup sampai pukul 13.00 WIB.",
        "Loket 4 istirahat.",
    ]
    assert lines(hall, at(12, 15)).lines == [
        "Istirahat sampai 13.00 WIB, nomor tetap dapat diambil."
    ]


def test_a_part_of_the_mall_hears_of_its_own_counters_only(hall):
    place(hall, 1, "Lantai 2")
    close(hall, 0, at(11))
    close(hall, 1, at(11))

    here = lines(hall, at(10), screens.Scope(zone="Lantai 2"))
    elsewhere = lines(hall, at(10), screens.Scope(presence_id=hall.presence.pk + 1))

    assert here.lines == ["Loket 2 ditutup sampai pukul 11.00 WIB."]
    assert elsewhere.lines == []


@pytest.mark.parametrize("many", [1, 30])
def test_what_a_board_says_is_read_once_for_a_version(hall, django_assert_num_queries, many):
    for number in range(many):
        say(hall, f"Pengumuman {number}", until=at(10))
    lines(hall, at(9))
    memo.clear_all()
    calendar_of(hall.mall.pk)

    with django_assert_num_queries(5):
        lines(hall, at(9))
    with django_assert_num_queries(1):
        lines(hall, at(9, 1))


# What the voice says


def test_calls_that_nobody_answered_for_two_minutes_are_no_longer_spoken_but_the_latest(hall):
    for _each in range(2):
        hall.issue()
    hall.call(now=at(9))
    hall.call(now=at(9, 1), seat=1)

    def spoken(now):
        return [call.sentence.split(",")[3].strip() for call in picture(hall, now).calls]

    assert spoken(at(9, 1)) == ["satu", "dua"]
    assert spoken(at(9, 2, 30)) == ["dua"]
    assert spoken(at(9, 30)) == ["dua"]


def test_all_counters_that_call_at_once_are_heard(hall):
    for _more in range(12):
        add_counter(hall)
    for seat in range(14):
        hall.issue()
        hall.call(seat=seat)

    shown = picture(hall)

    assert (len(shown.calls), len(shown.last)) == (14, 6)


def test_whoever_is_served_is_no_longer_called(hall):
    called = hall.issue()
    hall.call()
    hall.act(tickets.serve, called)

    assert picture(hall).calls == []


def test_an_english_board_speaks_english_and_has_no_second_round(client, hall):
    hall.issue()
    hall.call()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    shown = client.get(address(hall)).text

    assert ">Queue number A, zero, zero, one, please go to counter one.</p>" in shown
    assert 'data-english=""' in shown


def test_each_call_carries_its_clips_and_its_moment(client, hall):
    called = hall.issue()
    hall.call()
    at_ = int(at(9).timestamp() * 1000)

    shown = client.get(address(hall)).text

    assert f'id="ucap-{called}-{at_}" data-call="{called}-{at_}" data-at="{at_}"' in shown
    assert 'data-clips="/static/audio/id/number.mp3 /static/audio/id/letter-a.mp3 ' in shown
    assert 'data-english-clips="/static/audio/en/number.mp3 ' in shown
    assert 'data-chime="/static/audio/chime.mp3"' in shown
