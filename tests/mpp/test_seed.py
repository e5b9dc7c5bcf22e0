"""The demonstration data: complete, sound, honest about what is invented, and loaded once."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.models import User
from agencies.models import (
    Agency,
    Assignment,
    Counter,
    CounterDay,
    DatedHours,
    Holiday,
    Mall,
    OpeningHours,
    Presence,
    Region,
)
from appointments.models import Booking, Plan, Tranche, Window
from appointments.states import State
from core import clock
from core.errors import Refused
from core.proof import Scope
from mpp import seed, seed_bookings
from mpp.invariants import ALL
from queueing.invariants import verify
from services.models import CounterQueue, Fee, Queue, Service

DATA = seed.read()
MALLS = DATA["malls"]
PRESENCES = [(mall, presence) for mall in MALLS for presence in mall["presences"]]
SERVICES = [(presence, service) for _, presence in PRESENCES for service in presence["services"]]
LOADED = [
    Region,
    Holiday,
    Mall,
    Agency,
    OpeningHours,
    DatedHours,
    Presence,
    Counter,
    CounterDay,
    Queue,
    CounterQueue,
    Service,
    Fee,
    Plan,
    Tranche,
    Window,
    User,
    Assignment,
]


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True


@pytest.fixture
def loaded(demo):
    seed.load()


def _everything():
    """Every loaded value, without the keys of rows that are written anew."""
    return {
        model: sorted(
            tuple((k, str(v)) for k, v in row.items() if k != "id" or model is not Fee)
            for row in model.objects.values()
        )
        for model in LOADED
        if model is not DatedHours
    }


def test_every_mall_holds_what_the_file_says(loaded):
    found = {
        mall.slug: (
            mall.presences.count(),
            mall.queues.count(),
            mall.counters.count(),
            Service.objects.filter(presence__mall=mall).count(),
            Fee.objects.filter(service__presence__mall=mall).count(),
            mall.weekly.count(),
            mall.dated.count(),
        )
        for mall in Mall.objects.all()
    }

    assert found == {
        mall["slug"]: (
            len(mall["presences"]),
            sum(len(presence["queues"]) for presence in mall["presences"]),
            len({c["number"] for p in mall["presences"] for c in p["counters"]}),
            sum(len(presence["services"]) for presence in mall["presences"]),
            sum(len(s["fees"]) for p in mall["presences"] for s in p["services"]),
            sum(len(hours["weekdays"]) for hours in mall["hours"]),
            len(mall["dated_hours"]),
        )
        for mall in MALLS
    }


def test_every_row_would_pass_the_form_for_it(loaded):
    rows = {model: list(model.objects.all()) for model in LOADED}
    refused = {(model.__name__, row.pk): refusal(row) for model in LOADED for row in rows[model]}

    assert [model.__name__ for model in LOADED if not rows[model]] == []
    assert {place: why for place, why in refused.items() if why} == {}


def refusal(row):
    """What the form of a row would say against it."""
    try:
        row.full_clean()
    except ValidationError as error:
        return error.messages
    return []


def test_a_service_arrives_with_its_texts_and_fees(loaded):
    service = Service.objects.get(presence__mall__slug="mpp-kota-bekasi", code="IM-01")

    assert service.queue.letter == "C"
    assert service.queue.daily_quota == 25
    assert service.requirements[0] == {"text": "KTP-el", "note": ""}
    assert [int(fee.amount) for fee in service.fees.all()][:4] == [350000, 650000, 650000, 950000]
    assert "minutes" in service.example_fields
    assert "fees" not in service.example_fields


def test_a_second_run_reads_once_and_writes_nothing(loaded, django_assert_num_queries):
    before = _everything()

    with django_assert_num_queries(1):
        written = seed.load()

    assert written is False
    assert _everything() == before


def test_a_forced_run_brings_the_file_back_under_the_same_keys(loaded):
    before = _everything()
    Service.objects.filter(code="DUK-01").update(name="Diubah")
    Fee.objects.filter(service__code="DUK-01").delete()

    written = seed.load(force=True)

    assert written is True
    assert _everything() == before


def test_a_forced_run_leaves_a_changed_password_alone(loaded):
    user = User.objects.get(username="petugas")
    user.set_password("sandi-baru-yang-panjang")
    user.save()

    seed.load(force=True)

    user.refresh_from_db()
    assert user.check_password("sandi-baru-yang-panjang") is True


def test_an_interrupted_run_leaves_nothing_behind(demo, monkeypatch):
    monkeypatch.setattr(seed, "PEOPLE", [seed.Person("x", "X", seed.Role.MALL_ADMIN, ("tiada",))])

    with pytest.raises(KeyError):
        seed.load()

    assert Mall.objects.count() == 0
    assert User.objects.count() == 0


def test_outside_a_demonstration_the_command_refuses(db, settings):
    settings.DEMO = settings.DEBUG = False

    with pytest.raises(CommandError) as refusal:
        call_command("seed_demo")
    with pytest.raises(Refused):
        seed.load(force=True)

    assert str(refusal.value).endswith("hanya dimuat bila DEMO=1 atau DEBUG=1.")
    assert Mall.objects.count() == 0


def test_the_command_says_whether_it_wrote(demo, capsys):
    call_command("seed_demo")
    call_command("seed_demo")
    call_command("seed_demo", "--force")

    assert capsys.readouterr().out.splitlines() == [
        "Data contoh dimuat.",
        "Data contoh sudah ada.",
        "Data contoh dimuat.",
    ]


def test_the_accounts_have_their_roles_and_the_known_password(loaded, client):
    roles = {
        (a.user.username, a.role, a.mall and a.mall.slug, a.agency and a.agency.slug)
        for a in Assignment.objects.all()
    }

    assert roles == {
        ("operator", "operator", None, None),
        ("kementerian", "ministry_monitor", None, None),
        ("admin.bekasi", "mall_admin", seed.BEKASI, None),
        ("admin.bekasi", "mall_admin", seed.DELTAMAS, None),
        ("admin.dukcapil", "agency_admin", seed.BEKASI, seed.DUKCAPIL),
        ("admin.dukcapil", "agency_admin", seed.DELTAMAS, seed.DUKCAPIL),
        ("penyelia.bekasi", "supervisor", seed.BEKASI, seed.DUKCAPIL),
        ("petugas", "counter_officer", seed.BEKASI, seed.DUKCAPIL),
    }
    assert client.login(username="petugas", password=seed.DEMO_PASSWORD) is True


def test_two_agencies_share_a_counter_on_different_days(loaded):
    days = CounterDay.objects.filter(
        counter__mall__slug="mpp-kota-tangerang-selatan", counter__number="32"
    )

    assert {(day.weekday, day.presence.agency.short_name) for day in days} == {
        (0, "Kejaksaan Negeri"),
        (1, "Pengadilan Agama"),
        (2, "Kejaksaan Negeri"),
        (3, "Pengadilan Agama"),
        (4, "Kejaksaan Negeri"),
    }


def test_one_counter_serves_two_queues(loaded):
    counter = Counter.objects.get(mall__slug=seed.BEKASI, number="13")

    assert sorted(counter.queues.values_list("letter", flat=True)) == ["A", "B"]


@pytest.mark.parametrize("slug", [mall["slug"] for mall in MALLS])
def test_every_mall_takes_reservations_and_every_plan_has_windows_and_tranches(loaded, slug):
    planned = Plan.objects.filter(service__presence__mall__slug=slug)

    assert planned.count() >= 2
    assert planned.filter(windows=None).count() + planned.filter(tranches=None).count() == 0


def test_windows_are_an_hour_while_the_mall_is_open_and_the_agency_is_there(loaded):
    plan = Plan.objects.get(service__presence__mall__slug=seed.BEKASI, service__code="DUK-01")

    windows = plan.windows.filter(weekday=4).values_list("begins__hour", "ends__hour")

    assert list(windows) == [(8, 9), (9, 10), (10, 11), (13, 14), (14, 15)]


def test_passports_come_out_in_tranches_and_ask_for_the_nik(loaded):
    plan = Plan.objects.get(service__presence__mall__slug="mpp-kota-bekasi", service__code="IM-01")

    assert (plan.family, plan.needs_nik) == ("paspor", True)
    assert list(plan.tranches.values_list("days_before", "percent")) == [
        *((30, 10), (7, 40), (1, 100))
    ]


def test_a_plan_is_never_shown_as_fact():
    planned = [service for _, service in SERVICES if "reservation" in service]

    assert [each["code"] for each in planned if "reservation" not in each["example"]] == []


def test_the_demonstration_has_reservations_of_people_who_are_examples(loaded):
    booked = seed_bookings.book(now=clock.now())

    states = set(Booking.objects.values_list("state", flat=True))
    malls = set(Booking.objects.values_list("service__presence__mall__slug", flat=True))
    assert (states, booked) == ({State.CONFIRMED}, Booking.objects.count())
    assert malls == {mall["slug"] for mall in MALLS}
    assert seed_bookings.book(now=clock.now()) == 0
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []
