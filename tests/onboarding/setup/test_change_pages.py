"""The pages on which somebody says from when on something is otherwise, and what it costs."""

from datetime import time

import pytest
import time_machine
from django.urls import reverse

from agencies.models import Counter, DatedHours, OpeningHours
from appointments.states import State
from core import memo
from onboarding.models import PlannedChange
from onboarding.setup.arranging import changes
from services.models import Queue, Service
from tests.appointments.recipes import TUESDAY, book, booked, make_plan
from tests.onboarding.setup.recipes import make_admin
from tests.recipes import at, make_hall, make_service

pytestmark = pytest.mark.django_db
LATER = "2026-03-17"
BACK = "Jam layanan mal berubah."


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall(client):
    hall = make_hall()
    make_plan(hall.service)
    client.force_login(make_admin(hall.mall))
    return hall


@pytest.fixture
def send(client, hall):
    def act(page, *args, **typed):
        return client.post(url(hall, page, *args), typed)

    return act


def url(hall, page, *args):
    return reverse(f"setup_{page}", args=[hall.mall.slug, *args])


def read(client, hall, page, *args):
    return client.get(url(hall, page, *args)).content.decode()


def test_a_counter_is_planned_shown_and_taken_back(client, hall, send):
    pk = hall.counter.pk

    answer = send("counter", pk, number="7", place="Lantai 2", from_date=LATER)

    assert answer.status_code == 302
    assert Counter.objects.get().number == "1"
    for page in (("counter", pk), ("changes",)):
        assert "Loket 1: nomor 7, zona Lantai 2" in read(client, hall, *page)
    send("change_withdraw", PlannedChange.objects.get().pk)
    assert "Belum ada perubahan yang direncanakan." in read(client, hall, "changes")


def test_a_zone_a_queue_and_the_ratio_are_planned(client, hall, send):
    send("zone", old="Lantai 1", new="Lobi", from_date=LATER)
    send("queue", hall.queue.pk, letter="k", name="Antrean A", daily_quota="40", from_date=LATER)
    send("changes", priority_ratio="5", from_date=LATER)

    said = [changes.said(row) for row in changes.planned(hall.mall)]
    assert said == [
        "Zona Lantai 1 menjadi Lobi",
        "A – Antrean A: huruf K, kuota per hari 40",
        "Prioritas per satu reguler: 5",
    ]
    assert said[1] in read(client, hall, "queue", hall.queue.pk)


def test_without_a_date_it_is_at_once(hall, send):
    send("queue", hall.queue.pk, letter="K", name="Antrean K", daily_quota="")

    assert Queue.objects.get().letter == "K"
    assert not PlannedChange.objects.exists()


@pytest.mark.parametrize("day", ["2026-03-08", "2099-01-01", "besok"])
@pytest.mark.parametrize("page", ["counter", "queue", "changes", "rest"])
def test_a_day_that_makes_no_sense_is_said_and_nothing_changes(hall, send, page, day):
    args = {"counter": [hall.counter.pk], "queue": [hall.queue.pk], "changes": []}
    typed = {"number": "7", "letter": "K", "name": "K", "priority_ratio": "5"}

    args["rest"] = ["loket", hall.counter.pk]
    answer = send(page, *args[page], **typed, from_date=day, first=day)

    assert answer.status_code == 422
    assert not PlannedChange.objects.exists()
    assert (Counter.objects.get().number, Counter.objects.get().rests_from) == ("1", None)


def test_a_number_that_is_taken_then_keeps_the_form(hall, send):
    Counter.objects.create(mall=hall.mall, number="7")

    answer = send("counter", hall.counter.pk, number="7", place="", from_date=LATER)

    assert answer.status_code == 422
    assert "Nomor 7 dipakai dua loket mulai Selasa, 17 Maret 2026" in answer.content.decode()


# Rests


def kinds(hall):
    return {"loket": hall.counter, "antrean": hall.queue, "layanan": hall.service}


@pytest.mark.parametrize("kind", ["loket", "antrean", "layanan"])
def test_whoever_booked_is_counted_before_anything_rests(client, hall, send, kind):
    pk, what = book(hall.service), kinds(hall)[kind]
    span = {"first": "2026-03-10", "last": "2026-03-11"}

    asked = send("rest", kind, what.pk, **span)
    assert "1 reservasi dibatalkan kantor" in asked.content.decode()
    assert 'name="first" value="2026-03-10"' in asked.content.decode()
    assert booked(pk).state == State.CONFIRMED

    assert send("rest", kind, what.pk, **span, do="save").status_code == 302
    assert booked(pk).state == State.CALLED_OFF
    said = "tidak dipakai Selasa, 10 Maret 2026 sampai Rabu, 11 Maret 2026"
    for page in (("rest", kind, what.pk), ("changes",)):
        assert said in read(client, hall, *page)


@pytest.mark.parametrize("kind", ["loket", "antrean", "layanan"])
def test_a_rest_is_taken_back_and_what_rests_comes_back(hall, send, kind):
    what = kinds(hall)[kind]

    send("rest", kind, what.pk, first=LATER)
    send("rest_withdraw", kind, what.pk)
    what.refresh_from_db()
    assert what.rests_from is None

    send("rest", kind, what.pk, first="2026-03-09")
    what.refresh_from_db()
    assert not what.is_active
    send("rest", kind, what.pk, first="2026-03-11")
    what.refresh_from_db()
    assert (what.is_active, what.rests_until) == (True, TUESDAY)


@pytest.mark.parametrize("page", ["rest", "rest_withdraw"])
def test_nothing_else_rests(hall, send, page):
    assert send(page, "instansi", hall.presence.pk, first=LATER).status_code == 404


def test_what_rests_elsewhere_is_none_of_ours(client, hall, send):
    far = make_hall(slug="mpp-jauh")
    for kind, what in kinds(far).items():
        assert send("rest", kind, what.pk, first=LATER).status_code == 404
    assert send("queue", far.queue.pk, letter="K", name="K").status_code == 404

    assert not Service.objects.exclude(rests_from=None).exists()
    assert set(Queue.objects.values_list("letter", flat=True)) == {"A"}


def test_something_new_begins_on_its_day(hall, send):
    send("counters", place_0="Zona B", numbers_0="8-9", begins=LATER)
    send("queues_agency", hall.presence.pk, **agency(hall), new_lines="Cetak | 5", begins=LATER)

    assert Counter.objects.exclude(rests_from=None).count() == 2
    assert str(Service.objects.get(name="Cetak").rests_until) == "2026-03-16"


def agency(hall, **more):
    """The form of an agency's queues as it stands."""
    queue, service = hall.queue, hall.service
    typed = {f"letter_{queue.pk}": "A", f"queue_{queue.pk}": "Antrean A", f"open_{queue.pk}": "on"}
    typed |= {f"service_{service.pk}": "Layanan Uji", f"minutes_{service.pk}": "10"}
    typed |= {f"line_{service.pk}": queue.pk, f"offered_{service.pk}": "on"}
    return {name: value for name, value in (typed | more).items() if value}


# Before somebody loses a promise


def lost_by(hall):
    """Each way to lose a promise: its page, and what is sent."""
    service, queue = hall.service.pk, hall.queue.pk
    return {
        "an agency": ("agency_switch", [hall.presence.pk], {"aktif": "0"}),
        "a counter": ("counter_switch", [hall.counter.pk], {"aktif": "0"}),
        "a queue": ("queues_agency", [hall.presence.pk], agency(hall, **{f"open_{queue}": ""})),
        "a service": (
            "queues_agency",
            [hall.presence.pk],
            agency(hall, **{f"offered_{service}": ""}),
        ),
    }


@pytest.mark.parametrize("what", ["an agency", "a counter", "a queue", "a service"])
def test_the_number_is_said_and_the_same_is_sent_again(hall, send, what):
    pk = book(hall.service)
    page, args, typed = lost_by(hall)[what]

    asked = send(page, *args, **typed)
    before = booked(pk).state
    sent = dict(asked.context["sent"])
    done = send(page, *args, **sent, do="save")

    assert "1 reservasi dibatalkan kantor" in asked.content.decode()
    assert (before, booked(pk).state, done.status_code) == (State.CONFIRMED, State.CALLED_OFF, 302)


@pytest.mark.parametrize("what", ["an agency", "a counter", "a queue", "a service"])
def test_where_nobody_loses_anything_nobody_is_asked(hall, send, what):
    page, args, typed = lost_by(hall)[what]

    assert send(page, *args, **typed).status_code == 302


def test_hours_that_are_cut_are_called_off_as_many_as_was_said(hall, send):
    early, late = book(hall.service), book(hall.service, at(11, on=TUESDAY))
    week = {f"opens_{day}": "08:00" for day in range(5)}
    week |= {f"closes_{day}": "11:30" for day in range(5)} | {"from_date": "2026-03-10"}

    asked = send("hours", **week)
    send("hours", **week, do="save")

    assert "1 reservasi jatuh di luar jam yang baru" in asked.content.decode()
    assert (booked(early).state, booked(late).state) == (State.CONFIRMED, State.CALLED_OFF)
    assert booked(late).events.latest("pk").reason == BACK


def test_a_longer_break_cuts_a_window_too(hall, send):
    pk = book(hall.service, at(11, on=TUESDAY))
    special = {"reason": "Salat", "from_date": "2026-03-10", "until_date": "2026-03-10"}
    special |= {"opens": "08:00", "break_from": "11:30", "break_until": "13:00", "closes": "15:00"}

    asked = send("special", **special)
    send("special", **special, do="save")

    assert "1 reservasi jatuh di luar jam yang baru" in asked.content.decode()
    assert booked(pk).events.latest("pk").reason == "Salat"


def test_special_days_that_open_the_doors_are_not_taken_away_unasked(hall, send):
    OpeningHours.objects.filter(weekday=TUESDAY.weekday()).update(
        closes=time(9), break_from=None, break_until=None
    )
    row = DatedHours.objects.create(
        mall=hall.mall,
        from_date=TUESDAY,
        until_date=TUESDAY,
        reason="Pameran",
        opens=time(8),
        closes=time(15),
    )
    memo.clear_all()
    pk = book(hall.service)

    asked = send("special_remove", row.pk)
    send("special_remove", row.pk, do="save")

    assert "1 reservasi dibatalkan kantor" in asked.content.decode()
    assert booked(pk).state == State.CALLED_OFF


def test_a_planned_week_that_somebody_booked_into_is_not_withdrawn_unasked(hall, send):
    OpeningHours.objects.filter(weekday=1).update(closes=time(9), break_from=None, break_until=None)
    week = {f"opens_{day}": "08:00" for day in range(5)}
    send("hours", **week, **{f"closes_{day}": "15:00" for day in range(5)}, from_date="2026-03-10")
    memo.clear_all()
    pk = book(hall.service)

    asked = send("hours_withdraw", from_date="2026-03-10")
    send("hours_withdraw", from_date="2026-03-10", do="save")

    assert "1 reservasi dibatalkan kantor" in asked.content.decode()
    assert booked(pk).state == State.CALLED_OFF


@pytest.mark.parametrize(
    ("page", "queries"), [("changes", 8), ("counter", 6), ("queue", 6), ("rest", 5)]
)
def test_pages_ask_the_same_for_one_and_for_three(
    client, hall, page, queries, django_assert_num_queries
):
    args = {"changes": [], "counter": [hall.counter.pk], "queue": [hall.queue.pk]}
    args["rest"] = ["loket", hall.counter.pk]
    for rows in (1, 3):
        for day in range(10, 10 + rows):
            plan(hall, f"2026-04-{day}", day)
        memo.clear_all()
        with django_assert_num_queries(queries):
            client.get(url(hall, page, *args[page]))


def plan(hall, from_date, number):
    """A change of a counter and of a queue, and a service that rests."""
    more = {"mall": hall.mall, "from_date": from_date, "by": hall.officer, "at": at(9)}
    of_counter = {"counter": hall.counter, "values": {"number": str(number)}}
    of_queue = {"queue": hall.queue, "values": {"daily_quota": number}}
    for kind, own in (("counter", of_counter), ("queue", of_queue)):
        known = PlannedChange.objects.filter(kind=kind, from_date=from_date)
        if not known.exists():
            PlannedChange.objects.create(kind=kind, **own, **more)
    Service.objects.filter(pk=make_service(hall.queue, from_date).pk).update(rests_from=from_date)
