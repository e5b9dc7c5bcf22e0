import threading
from datetime import time

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from model_bakery import baker

from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import CounterDay
from core import live, memo
from hall import access as hall_access
from hall import announcements, closures, devices, record
from hall.models import Announcement, Board, Closure, Device
from queueing import boards, desks, notices, screens, tickets
from queueing.models import Ticket
from queueing.states import State
from tests.recipes import add_counter, at, key, make_hall, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db
PART = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


def address(hall):
    return reverse("board", args=[hall.mall.slug])


def picture(hall, now=None):
    return boards.picture(hall.mall, now=now or at(9))


def names(calls):
    return [str(call) for call in calls]


def crowd(hall, count):
    """More queues, each with one person waiting."""
    for number in range(count):
        presence = make_presence(hall.mall, f"Dinas {number:02d}")
        queue = make_queue(presence, f"{'ABCDEFGH'[number // 8]}{'ABCDEFGH'[number % 8]}")
        service = make_service(queue)
        counter = add_counter(hall, queues=[queue])
        CounterDay.objects.filter(counter=counter).update(presence=presence)
        memo.clear_all()
        hall.issue(service=service)


def test_before_the_first_call_the_board_says_so(client, hall):
    shown = client.get(address(hall)).text

    assert "Belum ada panggilan" in shown
    assert "Ambil nomor di mesin antrean." in shown


def test_before_opening_it_says_when_the_counters_open(client, hall):
    with time_machine.travel(at(7, 48), tick=False):
        assert "Loket buka pukul 08.00 WIB" in client.get(address(hall)).text


def test_a_call_shows_the_number_the_counter_the_agency_and_the_place(client, hall):
    hall.issue()
    hall.call(seat=1)

    shown = client.get(address(hall)).text

    assert '<p class="number"><span class="tno">A<span class="h">-</span>001</span></p>' in shown
    assert '<p class="number">2</p>' in shown
    assert '<p class="agency">Dinas Uji</p>' in shown
    assert '<p class="agency">Lantai 1</p>' in shown
    assert ">Nomor antrean A, nol, nol, satu, silakan menuju loket dua.</p>" in shown


def test_the_board_equals_the_database_after_every_kind_of_event(client, hall):
    """I12: what is shown is what a plain reading of the rows says."""
    ids = [hall.issue(now=at(9)) for _each in range(8)]
    steps = [
        lambda: hall.call(now=at(9, 1)),
        lambda: hall.act(tickets.recall, ids[0], now=at(9, 2)),
        lambda: hall.call(now=at(9, 3), seat=1),
        lambda: hall.act(tickets.skip, ids[1], now=at(9, 4), seat=1),
        lambda: hall.act(tickets.serve, ids[0], now=at(9, 5)),
        lambda: hall.act(tickets.hold, ids[0], now=at(9, 6)),
        lambda: hall.call(now=at(9, 7)),
        lambda: hall.act(tickets.undo, ids[2], now=at(9, 7, 20)),
        lambda: tickets.return_to_line(ids[1], now=at(9, 8), key=key()),
        lambda: tickets.cancel(ids[3], now=at(9, 9), key=key()),
        lambda: hall.act(tickets.resume, ids[0], now=at(9, 10), seat=1),
        lambda: hall.call(now=at(9, 11)),
        lambda: hall.done(ids[0], now=at(9, 12), seat=1),
    ]
    for step in steps:
        step()
        client_sees = client.get(address(hall), **PART).text
        called = Ticket.objects.filter(announced_at__isnull=False)
        waiting = Ticket.objects.filter(state=State.WAITING).count()
        expected = sorted(str(call) for call in called.select_related("day__queue"))
        shown = picture(hall)
        assert sorted(names([shown.big, *shown.last] if shown.big else [])) == expected
        assert [each.waiting for sheet in shown.sheets for each in sheet] == [waiting]
        for call in expected:
            assert f"</span>{call[2:]}</span>" in client_sees
        assert f"<b>{waiting}</b>" in client_sees


def test_somebody_still_on_the_way_stays_big_while_a_newer_call_is_served(hall):
    first, second = hall.issue(), hall.issue()
    hall.call(now=at(9, 1))
    hall.call(now=at(9, 2), seat=1)
    hall.act(tickets.serve, second, now=at(9, 3), seat=1)

    shown = picture(hall)

    assert (shown.big.pk, shown.is_now) == (first, True)
    assert names(shown.last) == ["A-002"]


def test_nobody_on_the_way_leaves_the_last_call_without_the_summons(client, hall):
    called = hall.issue()
    hall.call()
    hall.act(tickets.serve, called)

    shown = client.get(address(hall)).text

    assert 'class="call past"' in shown
    assert "Panggilan terakhir, 09.00 WIB" in " ".join(shown.split())
    assert "silakan menuju" not in shown


def test_a_recall_is_another_call_and_said_as_one(client, hall):
    called = hall.issue()
    hall.call()
    first = picture(hall).calls
    hall.act(tickets.recall, called, now=at(9, 0, 5), slow=True)
    again = picture(hall).calls

    assert (len(first), len(again)) == (1, 1)
    assert first[0].key != again[0].key
    assert (first[0].is_slow, again[0].is_slow) == (False, True)
    assert "Panggilan kedua. Nomor antrean A, nol, nol, satu" in client.get(address(hall)).text


def test_after_closing_with_nobody_left_the_board_says_when_it_opens(client, hall):
    called = hall.issue()
    hall.call()
    with time_machine.travel(at(15, 30), tick=False):
        memo.clear_all()
        assert "A<span" in client.get(address(hall)).text
        hall.done(called, now=at(15, 20))
        shown = client.get(address(hall)).text

    assert "Loket tutup" in shown
    assert "Buka lagi Selasa, 10 Maret 2026 pukul 08.00 WIB." in shown


def test_a_new_day_begins_empty_without_any_event(client, hall):
    hall.issue()
    hall.call()
    before = client.get(address(hall))

    tuesday = at(9, on=at(9).date().replace(day=10))
    with time_machine.travel(tuesday, tick=False):
        known = {"v": before.context["version"], "p": before.context["phase"]}
        answer = client.get(address(hall), known, **PART)

    assert answer.status_code == 200
    assert "Belum ada panggilan" in answer.text


def test_no_number_of_another_mall_is_shown(client, hall):
    other = make_hall(slug="mpp-lain")
    other.issue()
    other.call()

    assert picture(hall).big is None
    assert "Belum ada panggilan" in client.get(address(hall)).text


def test_the_busiest_queues_come_first_and_empty_ones_are_only_counted(hall):
    crowd(hall, 8)
    for _each in range(3):
        hall.issue()

    shown = picture(hall)

    assert [len(sheet) for sheet in shown.sheets] == [6, 3]
    assert (shown.sheets[0][0].queue.letter, shown.sheets[0][0].waiting) == ("A", 3)
    assert shown.quiet == 0
    for ticket in Ticket.objects.filter(day__queue__letter__in=["AG", "AH"]):
        tickets.cancel(ticket.pk, now=at(9, 1), key=key())
    shown = picture(hall)
    assert ([len(sheet) for sheet in shown.sheets], shown.quiet) == ([6, 1], 2)


def test_a_board_that_knows_the_version_gets_nothing_new(client, hall):
    hall.issue()
    page = client.get(address(hall))
    known = {"v": page.context["version"], "p": page.context["phase"]}

    assert client.get(address(hall), known, **PART).status_code == 204
    hall.issue()
    assert client.get(address(hall), known, **PART).status_code == 200


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "\x00"])
def test_a_board_with_an_odd_version_gets_the_picture(client, hall, version):
    answer = client.get(address(hall), {"v": version, "p": version}, **PART)

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<main class="board"')


def test_whoever_asks_with_the_etag_gets_304_until_something_happens(client, hall):
    etag = client.get(address(hall), **PART)["ETag"]
    known = {"headers": {"If-None-Match": etag, "HX-Request": "true"}}

    again = client.get(address(hall), **known)
    hall.issue()
    later = client.get(address(hall), **known)

    assert (again.status_code, again["ETag"], again.content) == (304, etag, b"")
    assert later.status_code == 200


def test_part_and_language_are_never_mistaken_for_each_other(client, hall):
    tags = {client.get(address(hall), **PART)["ETag"]}
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    tags.add(client.get(address(hall), **PART)["ETag"])

    assert len(tags) == 2
    assert "HX-Request" in client.get(address(hall), **PART)["Vary"]


def test_the_page_is_kept_nowhere_for_it_tells_the_time(client, hall):
    answer = client.get(address(hall), headers={"If-None-Match": "*"})

    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert "ETag" not in answer


def test_many_boards_cost_one_drawing_per_version(client, hall, monkeypatch):
    drawn = []
    draw = boards.picture
    monkeypatch.setattr(boards, "picture", lambda *a, **k: drawn.append(1) or draw(*a, **k))

    for _each in range(5):
        client.get(address(hall), **PART)
    assert len(drawn) == 1
    hall.issue()
    for _each in range(5):
        client.get(address(hall), **PART)

    assert len(drawn) == 2


def test_parallel_boards_wait_for_the_one_that_draws():
    drawn, begin = [], threading.Barrier(8)

    def draw():
        drawn.append(1)
        return "picture"

    def ask():
        begin.wait()
        assert memo.drawn_once("board", draw, seconds=60) == "picture"

    threads = [threading.Thread(target=ask) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(drawn) == 1


def test_another_process_finds_the_drawing_in_the_cache():
    memo.drawn_once("board", lambda: "picture", seconds=60)
    memo.clear_all()

    assert memo.drawn_once("board", lambda: "another", seconds=60) == "picture"
    cache.clear()
    memo.clear_all()
    assert memo.drawn_once("board", lambda: "another", seconds=60) == "another"


def test_the_drawings_of_old_versions_are_let_go():
    for version in range(3 * memo.NEAR):
        memo.drawn_once(f"board:{version}", lambda: "picture", seconds=60)

    assert len(memo._near) <= memo.NEAR


def test_every_answer_carries_a_fresh_permission_to_listen(client, hall):
    shown = client.get(address(hall), **PART).text

    token = shown.split('data-live="/live/?t=')[1].split('"')[0]
    scope = {"query_string": f"t={token}".encode()}
    assert live._allowed(scope) == hall.mall.pk


@pytest.mark.parametrize("queues", [1, 30])
def test_a_known_version_takes_one_query_and_a_drawing_always_the_same(
    client, hall, django_assert_num_queries, queues
):
    crowd(hall, queues)
    hall.call()
    page = client.get(address(hall))  # malls and calendars are remembered for five seconds
    known = {"v": page.context["version"], "p": page.context["phase"]}

    with django_assert_num_queries(1):
        client.get(address(hall), known, **PART)
    with django_assert_num_queries(1):
        client.get(address(hall), **PART)
    cache.clear()
    memo._near.clear()
    with django_assert_num_queries(9):
        client.get(address(hall), **PART)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nobody_writes_to_a_board(client, hall, method):
    assert getattr(client, method)(address(hall)).status_code == 405


def test_the_version_is_that_of_the_mall(client, hall):
    hall.issue()

    shown = client.get(address(hall))

    assert (
        shown.context["version"] == Board.objects.get().version == record.version_of(hall.mall.pk)
    )


# What a screen shows: by its address, or by the settings of its device


def place(hall, seat, where):
    hall.counters[seat].place = where
    hall.counters[seat].save()
    memo.clear_all()


def another_agency(hall, letter="B"):
    presence = make_presence(hall.mall, "Dinas Lain")
    queue = make_queue(presence, letter)
    service = make_service(queue)
    counter = add_counter(hall, queues=[queue])
    CounterDay.objects.filter(counter=counter).update(presence=presence)
    memo.clear_all()
    return presence, service


def enrolled(client, hall, **settings):
    """A board of the mall with these settings, whose cookie the client has."""
    device = baker.make(Device, mall=hall.mall, kind=Device.Kind.BOARD, name="Papan", **settings)
    code = devices.new_code(device, by=hall.officer, now=at(9))
    device, token = devices.enrol(code, now=at(9))
    client.cookies[hall_access.COOKIE] = token
    return device


def test_a_board_of_one_place_shows_its_counters_and_their_queues(client, hall):
    place(hall, 1, "Lantai 2")
    another_agency(hall)
    hall.issue()
    hall.issue()
    hall.call()
    hall.call(seat=1)

    shown = client.get(address(hall), {"letak": "Lantai 2"}, **PART).text

    assert "</span>002</span>" in shown
    assert "</span>001</span>" not in shown
    assert '<span class="k">A</span>' in shown
    assert '<span class="k">B</span>' not in shown
    assert "</b>Lantai 2</p>" in shown
    assert "?letak=Lantai+2&amp;p=" in shown


def test_a_board_of_one_agency_shows_its_calls_and_queues(client, hall):
    presence, service = another_agency(hall)
    hall.issue()
    hall.issue(service=service)
    hall.call()
    hall.call(seat=2)

    shown = client.get(address(hall), {"instansi": presence.pk}, **PART).text

    assert '<span class="tno">B<span class="h">-</span>001</span>' in shown
    assert '<span class="tno">A<span class="h">-</span>001</span>' not in shown
    assert '<span class="k">A</span>' not in shown
    assert "</b>Dinas Lain</p>" in shown


def test_boards_of_different_parts_are_never_mistaken_for_each_other(client, hall):
    place(hall, 1, "Lantai 2")
    hall.issue()
    hall.call()

    pictures = {
        client.get(address(hall), query, **PART)["ETag"]
        for query in (
            {},
            {"letak": "Lantai 1"},
            {"letak": "Lantai 2"},
            {"instansi": hall.presence.pk},
            {"letak": "Lantai 1", "instansi": hall.presence.pk},
        )
    }

    assert len(pictures) == 5


@pytest.mark.parametrize(
    "query",
    [
        {"letak": "Lantai 9"},
        {"letak": "lantai 1"},
        {"instansi": "0"},
        {"instansi": "x"},
        {"instansi": "²"},
        {"instansi": "9" * 30},
        {"instansi": "9" * 5000},
        {"letak": "\x00"},
        {"letak": "Lantai 1", "instansi": "0"},
    ],
)
def test_a_part_that_is_not_there_is_not_found(client, hall, query):
    assert client.get(address(hall), query).status_code == 404


def test_no_part_of_another_mall_is_found(client, hall):
    other = make_hall(slug="mpp-lain")
    place(other, 0, "Lantai 7")

    for query in ({"letak": "Lantai 7"}, {"instansi": other.presence.pk}):
        assert client.get(address(hall), query).status_code == 404


def test_an_enrolled_board_shows_what_was_set_for_it(client, hall):
    place(hall, 1, "Lantai 2")
    enrolled(client, hall, zone="Lantai 2", theme="light", voice="browser", speaks_english=True)

    shown = client.get(address(hall)).text

    assert 'data-board="light" data-voice="browser" data-second="en"' in shown
    assert "</b>Lantai 2</p>" in shown
    assert "data-device>" in shown
    assert "js/device.js" in shown


def test_a_board_nobody_enrolled_is_dark_and_speaks_indonesian_clips(client, hall):
    shown = client.get(address(hall)).text

    assert 'data-board="dark" data-voice="clips"\n' in shown
    assert "js/device.js" not in shown


def test_its_address_has_the_last_word_on_the_part(client, hall):
    place(hall, 1, "Lantai 2")
    enrolled(client, hall, zone="Lantai 2", theme="light")

    shown = client.get(address(hall), {"letak": "Lantai 1"}).text

    assert "</b>Lantai 1</p>" in shown
    assert 'data-board="light"' in shown


def test_a_place_that_was_renamed_does_not_leave_a_wall_blank(client, hall):
    other = make_presence(hall.mall, "Dinas Lain")
    enrolled(client, hall, zone="Lantai 5", presence=other)
    other.is_active = False
    other.save()
    memo.clear_all()
    hall.issue()
    hall.call()

    assert "</span>001</span>" in client.get(address(hall)).text


@pytest.mark.parametrize("kind", [Device.Kind.KIOSK, Device.Kind.PRINTER])
def test_a_device_that_is_no_board_changes_nothing(client, hall, kind):
    device = enrolled(client, hall, theme="light")
    Device.objects.filter(pk=device.pk).update(kind=kind)

    assert 'data-board="dark"' in client.get(address(hall)).text


def test_a_board_of_another_mall_is_a_stranger_here(client, hall):
    enrolled(client, make_hall(slug="mpp-lain"), theme="light")

    assert 'data-board="dark"' in client.get(address(hall)).text


@pytest.mark.parametrize(
    ("hour", "theme"), [(5, "dark"), (6, "light"), (17, "light"), (18, "dark")]
)
def test_a_board_that_follows_the_day_is_light_from_six_to_six(client, hall, hour, theme):
    enrolled(client, hall, theme=Device.Theme.DAY)

    with time_machine.travel(at(hour), tick=False):
        shown = client.get(address(hall)).text

    assert f'data-board="{theme}"' in shown


def test_a_board_hears_of_its_new_settings_without_an_event(client, hall):
    device = enrolled(client, hall)
    page = client.get(address(hall))
    known = {"v": page.context["version"], "p": page.context["phase"]}
    assert client.get(address(hall), known, **PART).status_code == 204

    Device.objects.filter(pk=device.pk).update(voice=Device.Voice.SILENT)

    assert 'data-voice="silent"' in client.get(address(hall), known, **PART).text


def test_an_enrolled_board_costs_one_query_more(client, hall, django_assert_num_queries):
    enrolled(client, hall, zone="Lantai 1", presence=hall.presence)
    page = client.get(address(hall))
    known = {"v": page.context["version"], "p": page.context["phase"]}

    with django_assert_num_queries(2):
        client.get(address(hall), known, **PART)


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
