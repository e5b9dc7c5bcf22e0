"""How plans change, and the pages on which somebody changes them."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment, DatedHours, Holiday
from agencies.opening import Hours
from appointments import calendars, months, planning, plans
from appointments.models import ArrivalRule, Booking, Plan, Slot, Tranche, Window
from appointments.planning import Layout
from appointments.slots import Release, Shares
from appointments.slots import Tranche as Phase
from appointments.slots import Window as Span
from appointments.states import State
from core import memo
from hall.models import HallEvent
from tests.appointments.recipes import TUESDAY, at, book, booked, hold, key, make_plan
from tests.recipes import MONDAY, make_hall, make_officer, make_presence, make_queue, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
JANUARY = date(2026, 1, 1)
NEXT = MONDAY + timedelta(days=7)
TEN = Shares(10, 0, 0, 0)


@pytest.fixture(autouse=True)
def nine_o_clock():
    with time_machine.travel(at(9), tick=False) as clock:
        yield clock


@pytest.fixture
def admin(client, hall, plan):
    client.force_login(appoint(Role.MALL_ADMIN, mall=hall.mall))
    return client


def appoint(role, **place):
    user = User.objects.create_user(f"orang-{uuid4().hex[:6]}")
    baker.make(Assignment, user=user, role=role, **{"mall": None, "agency": None, **place})
    return user


def span(begins=9, ends=10, *, weekday=0, shares=TEN, since=JANUARY, until=None):
    return Span(weekday, time(begins), time(ends), shares, since, until)


def layout(*windows):
    release = Release(time(8), (Phase(14, 100),))
    return Layout(True, "uji", False, release, windows)


def store(service, new, *, known=None, once=None, by=None):
    service.refresh_from_db()
    now = calendars.layout_of(service)
    return planning.store(
        service,
        new,
        known=planning.seen(now) if known is None else known,
        by=by or make_officer(service.presence, Role.AGENCY_ADMIN),
        now=at(9),
        key=once or key(),
    )


def current(service):
    return planning.layout_of(Plan.objects.get(service=service))


def url(name, service, *more):
    return reverse(f"capacity_{name}", args=[service.pk, *more])


def form(**more):
    shares = {"online": 12, "priority": 0, "staff": 0, "walk_in": 2}
    return {"from_date": "2026-03-10", "key": uuid4(), **shares, **more}


def window_form(weekday=1, begins="09:00", ends="10:00", *, was=True, **more):
    known = {"was_day": weekday, "was_begins": begins} if was else {}
    return form(weekday=weekday, begins=begins, ends=ends, **known, **more)


def rules_form(**more):
    return {
        "is_active": "on",
        "family": "uji",
        "release_at": "08:00",
        "days_0": 30,
        "percent_0": 10,
        "days_1": 1,
        "percent_1": 100,
        "key": uuid4(),
        **more,
    }


def saved(client, address, sent):
    """Send a form, look at what it would do, and store it."""
    preview = client.post(address, sent)
    known = preview.context["known"]
    return client.post(address, sent | {"known": known, "do": "save"})


# The rules: what a change leaves


def test_a_change_ends_the_old_window_the_day_before_and_begins_the_new_one():
    more = span(since=NEXT, shares=replace(TEN, online=12))

    after = planning.with_window(layout(span()), (0, time(9)), more)

    assert after.windows == (span(until=NEXT - timedelta(days=1)), more)


def test_what_stays_as_it_is_is_not_cut():
    assert planning.with_window(layout(span()), (0, time(9)), span(since=NEXT)) == layout(span())


def test_a_change_takes_what_was_planned_for_later_with_it():
    later = span(since=NEXT + timedelta(days=7), shares=replace(TEN, online=1))
    more = span(since=NEXT, shares=replace(TEN, online=12))

    after = planning.with_window(layout(span(), later), (0, time(9)), more)

    assert after.windows == (span(until=NEXT - timedelta(days=1)), more)


def test_what_is_over_is_left_alone():
    over = span(until=date(2026, 2, 1))

    after = planning.changed(layout(over), closes={(0, time(9))}, opens=[], from_date=NEXT)

    assert after.windows == (over,)


def test_the_shares_of_a_weekday_are_set_at_once():
    more = Shares(1, 2, 3, 4)

    after = planning.with_shares(layout(span(9, 10), span(10, 11)), 0, more, from_date=NEXT)

    assert [each.shares for each in after.standing(0, on=NEXT)] == [more, more]
    assert [each.shares for each in after.standing(0, on=MONDAY)] == [TEN, TEN]


def test_a_day_is_copied_in_the_place_of_others():
    before = layout(span(9, 10), span(13, 14, weekday=2))

    after = planning.with_copies(before, 0, [1, 2], from_date=NEXT)

    spans = [[each.begins.hour for each in after.standing(day, on=NEXT)] for day in range(4)]
    assert spans == [[9], [9], [9], []]


def test_hours_are_cut_into_windows_around_the_break():
    hours = Hours(time(8), time(15), time(11, 30), time(13))

    found = [f"{begins:%H.%M}-{ends:%H.%M}" for begins, ends in planning.spans(hours, 60)]

    assert found == [
        *("08.00-09.00", "09.00-10.00", "10.00-11.00"),
        *("13.00-14.00", "14.00-15.00"),
    ]


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (span(9, 10, since=NEXT), True),
        (span(8, 12, since=NEXT), True),
        (span(10, 11), False),
        (span(9, 10, weekday=1), False),
        (span(9, 10, since=JANUARY - timedelta(days=9), until=JANUARY - timedelta(days=1)), False),
    ],
)
def test_windows_of_one_day_overlap_or_not(other, meets):
    assert bool(planning.overlap([span(), other], since=JANUARY)) is meets


def test_an_overlap_that_is_over_bothers_nobody():
    over = span(8, 12, until=date(2026, 2, 1))

    assert planning.overlap([span(until=date(2026, 2, 1)), over], since=MONDAY) is None


# The rules: storing


def test_a_change_is_stored_and_the_slots_follow(hall, plan):
    pks = [book(hall.service) for _each in range(2)]
    few = replace(TEN, online=1)
    new = planning.with_shares(current(hall.service), 1, few, from_date=TUESDAY)

    assert store(hall.service, new) == 1

    slot = Slot.objects.get()
    assert (slot.online, slot.booked_online) == (2, 2)
    assert {booked(pk).state for pk in pks} == {State.CONFIRMED}
    on = plans.bookable(hall.service.pk).slots_on(TUESDAY)
    assert [each.shares.online for each in on] == [1, 1, 1]
    assert HallEvent.objects.get(act="plan.changed").subject_id == plan.pk


def test_what_stays_keeps_its_row(hall, plan):
    before = set(Window.objects.exclude(weekday=1).values_list("pk", flat=True))
    new = planning.with_shares(current(hall.service), 1, replace(TEN, online=1), from_date=NEXT)

    store(hall.service, new)

    assert set(Window.objects.exclude(weekday=1).values_list("pk", flat=True)) == before
    assert Window.objects.filter(weekday=1).count() == 6


def test_a_second_click_changes_nothing_more(hall, plan):
    new = planning.with_shares(current(hall.service), 1, replace(TEN, online=1), from_date=NEXT)
    known, once = planning.seen(current(hall.service)), key()
    officer = make_officer(hall.presence)

    for _each in range(2):
        store(hall.service, new, known=known, once=once, by=officer)

    assert HallEvent.objects.filter(act="plan.changed").count() == 1


@pytest.mark.parametrize(
    ("new", "known", "refusal"),
    [
        (layout(span(since=NEXT), span(8, 12, since=NEXT)), None, planning.WindowsOverlap),
        (layout(span(since=MONDAY)), None, planning.PastRewritten),
        (layout(span(since=NEXT)), "another", planning.PlanChanged),
    ],
)
def test_a_change_that_may_not_be_changes_nothing(hall, new, known, refusal):
    make_plan(hall.service)
    before = current(hall.service)
    if refusal is planning.WindowsOverlap:
        new = replace(before, windows=(*before.windows, *new.windows))

    with pytest.raises(refusal):
        store(hall.service, new, known=known)

    assert current(hall.service) == before


def test_places_that_never_come_out_are_refused(hall, plan):
    half = Release(time(8), (Phase(14, 50),))

    with pytest.raises(planning.NeverReleased):
        store(hall.service, replace(current(hall.service), release=half))


# What a change would do


def preview(service, new, *, from_date=TUESDAY):
    service.refresh_from_db()
    old = calendars.layout_of(service)
    return calendars.preview(service, old, new, from_date=from_date, now=at(9))


def test_whoever_has_booked_more_than_the_new_places_is_counted(hall, plan):
    for _each in range(3):
        book(hall.service)
    new = planning.with_shares(current(hall.service), 1, replace(TEN, online=1), from_date=TUESDAY)

    found = preview(hall.service, new)

    assert (found.booked, found.beyond) == (3, 2)
    assert (found.more, found.fewer) == (0, 15)
    assert [line.weekday for line in found.lines] == [1, 1, 1]


def test_a_window_that_no_day_has_is_said(hall, plan):
    night = span(20, 21, weekday=1, since=TUESDAY)

    found = preview(hall.service, planning.with_window(current(hall.service), None, night))

    assert found.idle == (night,)
    assert (found.more, found.fewer) == (0, 0)


def test_what_was_planned_for_later_is_said_when_it_goes(hall, plan):
    later = planning.with_shares(current(hall.service), 1, replace(TEN, online=1), from_date=NEXT)
    store(hall.service, later)
    new = planning.with_shares(later, 1, replace(TEN, online=3), from_date=TUESDAY)

    found = preview(hall.service, new)

    assert [each.from_date for each in found.dropped] == [NEXT] * 3


def test_fewer_places_out_are_counted(hall, plan):
    new = replace(current(hall.service), release=Release(time(8), (Phase(14, 10), Phase(1, 100))))

    found = preview(hall.service, new)

    before, after = found.released
    assert (before, after) == (300, 30 + 9 * 3)
    assert found.lines == ()


def test_a_plan_that_is_switched_off_keeps_its_promises(hall, plan):
    pk = book(hall.service)
    new = replace(current(hall.service), is_active=False)
    assert preview(hall.service, new).beyond == 1

    store(hall.service, new)

    assert booked(pk).state == State.CONFIRMED
    assert plans.bookable(hall.service.pk) is None
    assert Slot.objects.get().online == 1


# A month


def test_a_month_says_how_full_it_is_and_why_a_day_is_closed(hall, plan):
    for _each in range(6):
        book(hall.service)
    baker.make(Holiday, day=date(2026, 3, 20), name="Idulfitri", is_joint_leave=False)
    memo.clear_all()

    found = months.month(hall.service, current(hall.service), date(2026, 3, 1), now=at(9))

    tuesday, holiday, sunday = found.days[9], found.days[19], found.days[0]
    assert (tuesday.sums.booked, tuesday.sums.places, tuesday.sums.percent) == (6, 30, 20)
    assert tuesday.sums.step == 2
    assert (holiday.spans, holiday.reason) == ((), "Idulfitri")
    assert sunday.reason == "Tutup"


def test_every_place_of_a_day_is_somewhere(hall):
    make_plan(hall.service, online=6, priority=1, staff=1, walk_in=4, ahead=3)
    book(hall.service)
    layout_ = current(hall.service)

    days = months.month(hall.service, layout_, date(2026, 3, 1), now=at(9)).booked_days

    ledgers = {day.on.day: day.sums.ledger for day in days}
    assert (ledgers[10].online, ledgers[10].unreleased) == (21, 0)
    assert (ledgers[13].online, ledgers[13].unreleased) == (0, 21)
    assert {
        each.opened - each.online - each.walk_in - each.staff - each.unreleased
        for each in ledgers.values()
    } == {0}


def test_a_booking_of_a_plan_of_before_is_still_in_its_month(hall, plan):
    book(hall.service)
    new = planning.changed(
        current(hall.service), closes={(1, time(9))}, opens=[], from_date=TUESDAY
    )
    store(hall.service, new)

    found = months.month(hall.service, new, date(2026, 3, 1), now=at(9)).days[9]

    assert [(each.booked, each.ledger.opened) for each in found.spans] == [(1, 1), (0, 10), (0, 10)]


# The pages


def test_the_services_are_listed_with_and_without_a_plan(admin, hall):
    other = make_service(hall.queue, "Layanan lain")

    page = admin.get(reverse("capacity"))

    (part,) = page.context["parts"]
    assert [(row.service, row.windows, row.places) for row in part.rows] == [
        (hall.service, 15, 150),
        (other, 0, 0),
    ]
    assert "15 jendela, 150 tempat seminggu" in page.text
    assert f'href="{url("rules", other)}"' in page.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_few_queries(admin, hall, django_assert_num_queries, rows):
    for each in range(rows - 1):
        make_plan(make_service(hall.queue), family=f"uji-{each}")
    admin.get(reverse("capacity"))

    with django_assert_num_queries(6):
        admin.get(reverse("capacity"))


def test_the_week_shows_the_windows_and_their_sums(admin, hall):
    page = admin.get(url("week", hall.service))

    week = page.context["week"]
    assert [row[0].hour for row in week.rows] == [9, 10, 11]
    assert week.places == [30] * 5
    assert "daring 10, prioritas 0, petugas 0, datang langsung 0, semuanya" in page.text


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_day_that_does_not_exist_is_today(admin, hall, day):
    assert admin.get(url("week", hall.service), {"mulai": day}).context["week"].on == MONDAY


def test_a_plan_without_windows_says_what_to_do(admin, hall):
    Window.objects.all().delete()

    page = admin.get(url("week", hall.service))

    assert "Belum ada jendela waktu" in page.text
    assert url("hours", hall.service) in page.text


def test_a_window_is_changed_in_two_steps(admin, hall, plan):
    book(hall.service)
    address = url("window", hall.service)
    edit = admin.get(address, {"harike": 1, "jam": "09.00"})
    assert edit.context["form"].initial["online"] == 10

    sent = window_form()
    looked = admin.post(address, sent)
    assert looked.context["preview"].booked == 1
    assert "Tidak ada reservasi yang terganggu." in looked.text
    assert Window.objects.count() == 15
    answer = saved(admin, address, sent)

    assert answer["Location"] == url("week", hall.service)
    assert Slot.objects.get().online == 12
    changed = Window.objects.get(from_date=TUESDAY)
    assert (changed.weekday, changed.online, changed.walk_in) == (1, 12, 2)
    assert Window.objects.get(until_date=MONDAY).online == 10
    assert "Perubahan yang sudah direncanakan" in admin.get(url("week", hall.service)).text


def test_fewer_places_are_said_and_break_nothing(admin, hall, plan):
    pks = [book(hall.service) for _each in range(3)]
    address, sent = url("window", hall.service), window_form(online=1)

    looked = admin.post(address, sent)
    saved(admin, address, sent)

    assert "2 reservasi melebihi tempat yang baru." in looked.text
    assert {booked(pk).state for pk in pks} == {State.CONFIRMED}
    assert "1 jendela sudah menjanjikan lebih" in admin.get(url("week", hall.service)).text


def test_before_storing_one_may_go_back_and_lose_nothing(admin, hall):
    page = admin.post(url("window", hall.service), window_form(online=77) | {"do": "edit"})

    assert (page.status_code, 'value="77"' in page.text) == (200, True)


def test_a_window_is_added_and_removed(admin, hall):
    address = url("window", hall.service)
    saved(admin, address, window_form(begins="13:00", ends="14:00", was=False))
    assert Window.objects.get(begins=time(13)).online == 12

    saved(admin, address, window_form(begins="13:00", ends="14:00") | {"remove": "1"})

    assert Window.objects.filter(begins=time(13)).count() == 0


def test_windows_that_overlap_are_refused_with_a_sentence(admin, hall):
    sent = window_form(begins="09:30", ends="10:30", was=False)

    answer = admin.post(url("window", hall.service), sent)

    assert (answer.status_code, answer["X-Refusal"]) == (409, "windows_overlap")
    assert "Hari Selasa: jendela 09.00–10.00 dan 09.30–10.30 bertumpuk." in answer.text
    assert Window.objects.count() == 15


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": "08:00"}, "Jam selesai harus setelah jam mulai."),
        ({"begins": "x"}, "Isi jamnya, misalnya 09.00."),
        ({"online": "-1"}, "Isi angka 0 sampai 500."),
        ({"from_date": "2026-03-08"}, "Tanggal itu sudah lewat. Paling cepat hari ini."),
        ({"from_date": "2030-03-08"}, "Paling jauh satu tahun ke depan."),
        ({"from_date": "kapan"}, "Isi tanggalnya, misalnya 2026-03-10."),
    ],
)
def test_what_is_filled_in_wrong_is_said_and_nothing_is_lost(admin, hall, wrong, said):
    answer = admin.post(url("window", hall.service), window_form(staff=33) | wrong)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert 'value="33"' in answer.text
    assert Window.objects.count() == 15


def test_a_window_without_a_place_is_none(admin, hall):
    answer = admin.post(url("window", hall.service), window_form(online=0, walk_in=0))

    assert answer.status_code == 422
    assert "Isi paling sedikit satu tempat, atau hapus jendelanya." in answer.text


def test_somebody_else_was_quicker(admin, hall):
    address, sent = url("window", hall.service), window_form()
    known = admin.post(address, sent).context["known"]
    saved(admin, address, window_form(online=3))

    answer = admin.post(address, sent | {"known": known, "do": "save"})

    assert answer["X-Refusal"] == "plan_changed"
    assert Window.objects.get(from_date=TUESDAY).online == 3


@pytest.mark.parametrize("known", ["", "x" * 500, "\x00", "é 1"])
def test_what_nobody_has_seen_is_not_stored(admin, hall, known):
    sent = window_form() | {"known": known, "do": "save"}

    assert admin.post(url("window", hall.service), sent)["X-Refusal"] == "plan_changed"
    assert Window.objects.count() == 15


def test_storing_twice_stores_once(admin, hall):
    address, sent = url("window", hall.service), window_form()
    known = admin.post(address, sent).context["known"]

    answers = [admin.post(address, sent | {"known": known, "do": "save"}) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Window.objects.filter(from_date=TUESDAY).count() == 1


def test_all_windows_of_a_day_are_set_at_once(admin, hall):
    address = url("day", hall.service, 1)
    assert "Semua jendela hari Selasa" in admin.get(address).text

    saved(admin, address, form(act="shares"))

    assert [each.online for each in Window.objects.filter(from_date=TUESDAY)] == [12] * 3


def test_a_day_is_copied_to_others(admin, hall):
    Window.objects.filter(weekday__in=[2, 3]).delete()
    sent = {"act": "copy", "weekdays": [2, 3], "from_date": "2026-03-10", "key": uuid4()}

    saved(admin, url("day", hall.service, 1), sent)

    copied = Window.objects.filter(from_date=TUESDAY).values_list("weekday", flat=True)
    assert list(copied) == [2, 2, 2, 3, 3, 3]


def test_copying_to_no_day_is_said(admin, hall):
    sent = {"act": "copy", "from_date": "2026-03-10", "key": uuid4()}

    answer = admin.post(url("day", hall.service, 1), sent)

    assert (answer.status_code, "Pilih paling sedikit satu hari." in answer.text) == (422, True)


@pytest.mark.parametrize("weekday", [5, 6, 7, 99])
def test_a_day_without_windows_has_no_page(admin, hall, weekday):
    assert admin.get(url("day", hall.service, weekday)).status_code == 404


def test_the_opening_hours_are_filled(admin, hall):
    Window.objects.all().delete()
    sent = form(weekdays=[0, 1], minutes=60)

    saved(admin, url("hours", hall.service), sent)

    found = Window.objects.filter(weekday=1).values_list("begins__hour", flat=True)
    assert list(found) == [8, 9, 10, 11, 13, 14]


def test_a_plan_is_made(admin, hall):
    other = make_service(hall.queue, "Layanan lain")
    assert 'value="layanan-lain"' in admin.get(url("rules", other)).text

    saved(admin, url("rules", other), rules_form(family="lain", needs_nik="on"))

    made = Plan.objects.get(service=other)
    assert (made.family, made.needs_nik, made.is_active) == ("lain", True, True)
    assert [str(each) for each in made.tranches.all()] == ["H-30: 10 %", "H-1: 100 %"]


def test_the_same_service_elsewhere_says_the_family(admin, hall, plan):
    other = make_service(make_queue(make_presence(hall.mall), "B"))
    type(other).objects.filter(pk=other.pk).update(code=hall.service.code)

    assert admin.get(url("rules", other)).context["form"].initial["family"] == plan.family


def test_the_tranches_are_changed_with_the_same_preview(admin, hall, plan):
    looked = admin.post(url("rules", hall.service), rules_form())
    assert "Tempat yang sudah dibuka untuk dipesan berubah dari" in looked.text
    assert Tranche.objects.count() == 1

    saved(admin, url("rules", hall.service), rules_form())

    assert plans.bookable(hall.service.pk).release == Release(
        time(8), (Phase(30, 10), Phase(1, 100))
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"percent_1": 60}, "Tahap terakhir harus membuka 100 % tempat."),
        ({"percent_1": ""}, "Setiap tahap perlu hari dan persennya."),
        ({"days_1": 60}, "Makin dekat harinya, makin besar persennya."),
        ({"days_1": 30}, "Makin dekat harinya, makin besar persennya."),
        ({"days_0": 91}, "Isi angka 0 sampai 90."),
        ({"percent_0": 101}, "Isi angka 1 sampai 100."),
        ({"family": "Dua Kata"}, "Isi satu kata dengan huruf kecil, angka, atau tanda hubung."),
    ],
)
def test_rules_that_make_no_sense_are_said(admin, hall, wrong, said):
    answer = admin.post(url("rules", hall.service), rules_form() | wrong)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert Tranche.objects.get().days_before == 14


def test_the_month_leads_to_its_days(admin, hall, plan):
    for _each in range(6):
        book(hall.service)
    page = admin.get(url("month", hall.service), {"bulan": "2026-03"})
    assert "?bulan=2026-02" in page.text
    assert "?bulan=2026-04" in page.text
    assert "<b>20 %</b><small>6/30</small>" in page.text

    day = admin.get(url("month", hall.service), {"bulan": "2026-03", "hari": "2026-03-10"})

    assert [each.booked for each in day.context["chosen"].spans] == [6, 0, 0]
    assert "09.00–10.00 WIB" in day.text


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12"])
def test_a_month_that_does_not_exist_is_this_one(admin, hall, month):
    page = admin.get(url("month", hall.service), {"bulan": month, "hari": month})

    assert page.context["month"].first == date(2026, 3, 1)


def test_a_month_without_windows_says_so(admin, hall):
    page = admin.get(url("month", hall.service), {"bulan": "2025-11"})

    assert "Bulan ini tanpa jendela waktu" in page.text


@pytest.mark.parametrize("rows", [1, 3])
def test_a_month_takes_the_same_few_queries(admin, hall, plan, django_assert_num_queries, rows):
    for each in range(rows):
        book(hall.service, at(9 + each, on=TUESDAY))
    admin.get(url("month", hall.service))

    with django_assert_num_queries(7):
        admin.get(url("month", hall.service))


def test_the_rule_of_coming_is_edited(admin, hall):
    address = reverse("capacity_grace", args=[hall.mall.slug])
    assert 'value="30"' in admin.get(address).text
    assert admin.post(address, {"early": 300, "late": 5}).status_code == 422
    assert ArrivalRule.objects.count() == 0

    answer = admin.post(address, {"early": 45, "late": 5})

    assert answer["Location"] == reverse("capacity")
    assert plans.grace(hall.mall.pk) == (timedelta(minutes=45), timedelta(minutes=5))


# Strangers


def pages(service):
    names = ("week", "window", "hours", "rules", "month")
    return [url(name, service) for name in names] + [url("day", service, 1)]


@pytest.mark.parametrize("role", [Role.COUNTER_OFFICER, Role.SUPERVISOR, Role.MINISTRY_MONITOR])
def test_whoever_edits_no_reference_data_plans_nothing(client, hall, plan, role):
    national = role == Role.MINISTRY_MONITOR
    client.force_login(appoint(role) if national else make_officer(hall.presence, role))
    before = current(hall.service)

    answers = [client.get(page) for page in (*pages(hall.service), reverse("capacity"))]
    answers += [client.post(url("window", hall.service), window_form() | {"do": "save"})]

    assert {answer.status_code for answer in answers} == {404}
    assert current(hall.service) == before


def test_the_admin_of_another_agency_or_mall_reaches_nothing(client, hall, plan):
    before = current(hall.service)
    elsewhere = appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall)
    for user in (make_officer(make_presence(hall.mall, "Lain"), Role.AGENCY_ADMIN), elsewhere):
        client.force_login(user)
        answers = [client.get(page) for page in pages(hall.service)]
        answers += [client.post(url("rules", hall.service), rules_form() | {"do": "save"})]
        answers += [client.post(reverse("capacity_grace", args=[hall.mall.slug]), {"early": 1})]
        assert {answer.status_code for answer in answers} == {404}

    assert current(hall.service) == before
    assert (ArrivalRule.objects.count(), HallEvent.objects.filter(act="plan.changed").count()) == (
        0,
        0,
    )


def test_an_agency_admin_plans_the_services_of_the_agency_alone(client, hall, plan):
    make_service(make_queue(make_presence(hall.mall, "Lain"), "B"))
    client.force_login(make_officer(hall.presence, Role.AGENCY_ADMIN))

    (part,) = client.get(reverse("capacity")).context["parts"]

    assert ([row.service for row in part.rows], part.is_whole) == ([hall.service], False)
    assert client.get(reverse("capacity_grace", args=[hall.mall.slug])).status_code == 404
    assert saved(client, url("window", hall.service), window_form()).status_code == 302


def test_a_service_without_a_plan_has_only_the_page_that_makes_one(admin, hall):
    other = make_service(hall.queue)

    answers = {page: admin.get(page).status_code for page in pages(other)}

    assert [page for page, status in answers.items() if status == 200] == [url("rules", other)]
    assert set(answers.values()) == {200, 404}


def test_a_held_place_counts_as_taken(hall, plan):
    hold(hall.service)
    new = planning.changed(
        current(hall.service), closes={(1, time(9))}, opens=[], from_date=TUESDAY
    )

    assert preview(hall.service, new).beyond == 1
    assert Booking.objects.get().state == State.HELD


def test_ramadan_hours_are_minded(hall, plan):
    baker.make(
        DatedHours,
        mall=hall.mall,
        from_date=TUESDAY,
        until_date=TUESDAY,
        opens=time(10),
        closes=time(14),
        break_from=None,
        break_until=None,
        weekday=None,
        reason="Ramadan",
    )
    memo.clear_all()

    found = months.month(hall.service, current(hall.service), date(2026, 3, 1), now=at(9)).days[9]

    assert [each.starts_at for each in found.spans] == [at(10, on=TUESDAY), at(11, on=TUESDAY)]
