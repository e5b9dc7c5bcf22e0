from datetime import time
from decimal import Decimal

import pytest
from model_bakery import baker

from agencies.models import (
    Agency,
    Agreement,
    Assignment,
    Counter,
    CounterDay,
    Mall,
    OpeningHours,
    Presence,
)
from onboarding.setup import copying
from onboarding.setup.copying import Part
from queueing.models import Ticket
from services.models import Fee, Queue, Service, Standard, Variant
from tests.onboarding.setup.recipes import make_admin, make_agency, make_counters, make_mall
from tests.recipes import at, make_hall, make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    hall = make_hall(counters=2)
    hall.issue()
    Agency.objects.update(name="Dinas Uji Kabupaten Uji", short_name="Dinas Uji")
    Counter.objects.filter(number="2").update(place="Lantai 2")
    Service.objects.update(product="KTP", keywords=["ktp"], example_fields=["minutes"])
    variant = baker.make(Variant, service=hall.service, name="Hilang")
    baker.make(Fee, service=hall.service, variant=variant, amount=Decimal(5000), name="Denda")
    return hall


@pytest.fixture
def target():
    return make_mall()


@pytest.fixture
def by(target):
    return make_admin(target)


def copy(source, target, by, parts=Part.values):
    return copying.copy(source.mall, target, parts, by=by, now=at(9))


def picture(mall):
    """Everything that a copy may add to a mall."""
    services = Service.objects.filter(presence__mall=mall)
    return [
        list(OpeningHours.objects.filter(mall=mall).order_by("weekday").values_list("weekday")),
        list(Counter.objects.filter(mall=mall).order_by("number").values_list("number", "place")),
        list(Presence.objects.filter(mall=mall).order_by("pk").values_list("agency__name")),
        list(Queue.objects.filter(mall=mall).order_by("pk").values_list("letter", "name")),
        list(services.order_by("pk").values_list("name", "product")),
        list(Fee.objects.filter(service__in=services).values_list("name", "variant__name")),
    ]


def test_everything_public_is_taken_over(source, target, by):
    copy(source, target, by)

    assert picture(target) == [
        [(0,), (1,), (2,), (3,), (4,)],
        [("1", "Lantai 1"), ("2", "Lantai 2")],
        [("Dinas Uji Kabupaten Baru",)],
        [("A", "Antrean A")],
        [("Layanan Uji", "KTP")],
        [("Denda", "Hilang")],
    ]


def test_people_agreements_days_tickets_and_decrees_stay_where_they_are(source, target, by):
    baker.make(Standard, service=source.service, content={}, _fill_optional=False)
    kept = (Assignment, Agreement, CounterDay, Ticket, Standard)
    before = [model.objects.count() for model in kept]

    copy(source, target, by)

    assert [model.objects.count() for model in kept] == before
    assert not Presence.objects.filter(mall=target).exclude(decree="").exists()


def test_the_same_copy_twice_changes_nothing(source, target, by):
    first = copy(source, target, by)
    before = picture(target)

    assert (first, copy(source, target, by)) == (5 + 2 + 1 + 1, 0)
    assert picture(target) == before


def test_what_is_there_is_not_overwritten(source, target, by):
    OpeningHours.objects.create(mall=target, weekday=0, opens=time(10), closes=time(11))
    make_counters(target, "1", place="Milik sendiri")
    own = make_agency(target, "Dinas Uji Kabupaten Baru")
    queue = make_queue(own, "A")

    copy(source, target, by)

    hours, counters, agencies, queues, services, _fees = picture(target)
    assert (len(hours), agencies, services[0][0]) == (5, [(own.agency.name,)], "Layanan Uji")
    assert OpeningHours.objects.get(mall=target, weekday=0).opens == time(10)
    assert counters == [("1", "Milik sendiri"), ("2", "Lantai 2")]
    assert queues == [(queue.letter, queue.name)]


def test_a_letter_that_is_taken_gives_way_to_the_next_free(source, target, by):
    make_queue(make_agency(target), "A")

    copy(source, target, by, [Part.AGENCIES])

    assert set(Queue.objects.filter(mall=target).values_list("letter", flat=True)) == {"A", "B"}


def test_an_office_of_no_region_is_the_same_everywhere(source, target, by):
    Agency.objects.update(name="Bank Uji")

    copy(source, target, by, [Part.AGENCIES])

    assert Agency.objects.count() == 1
    assert Presence.objects.filter(mall=target).count() == 1


def test_services_bring_their_agencies(source, target, by):
    copy(source, target, by, [Part.SERVICES])

    hours, counters, agencies, queues, services, fees = picture(target)
    assert (hours, counters) == ([], [])
    assert [len(each) for each in (agencies, queues, services, fees)] == [1, 1, 1, 1]


def test_the_preview_says_what_the_copy_does(source, target, by):
    lines = copying.preview(source.mall, target, Part.values, now=at(9))

    assert [(each.part, len(each.added), each.kept) for each in lines] == [
        (Part.HOURS, 5, 0),
        (Part.COUNTERS, 2, 0),
        (Part.AGENCIES, 1, 0),
        (Part.SERVICES, 1, 0),
    ]
    assert not Counter.objects.filter(mall=target).exists()


def test_a_public_mall_opens_on_copied_days_from_tomorrow(source, by):
    target = make_mall(slug="mpp-buka", stage=Mall.Stage.SOFT_LAUNCH)

    copy(source, target, by, [Part.HOURS])

    first = OpeningHours.objects.filter(mall=target).values_list("from_date", flat=True)
    assert {str(each) for each in first} == {"2026-03-10"}


def test_a_copy_that_fails_halfway_leaves_nothing(source, target, by, monkeypatch):
    monkeypatch.setattr(copying, "_copy_services", lambda *_args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        copy(source, target, by)

    assert picture(target) == [[], [], [], [], [], []]
