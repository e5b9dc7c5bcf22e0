"""The register: which services there are, in which queue, and where some are booked instead."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from hall.models import HallEvent
from services import register
from services.models import Service
from services.register import CodeTaken, Entry, ForeignQueue
from tests.recipes import at, make_hall, make_presence, make_queue
from tests.services.recipes import writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def by(hall):
    return writer(hall.presence)


@pytest.fixture
def entry(hall):
    return Entry("Paspor baru", hall.queue, 12, "New passport", ("bikin paspor",), "Dewasa saja")


def test_a_service_is_added_with_all_that_was_said(hall, by, entry):
    made = register.add(hall.presence, "imi-01", entry, by=by, now=at(8))

    found = Service.objects.get(pk=made.pk)
    assert (found.code, found.name, found.queue, found.minutes) == (
        *("imi-01", "Paspor baru", hall.queue, 12),
    )
    assert (found.name_en, found.keywords, found.limits) == (
        *("New passport", ["bikin paspor"], "Dewasa saja"),
    )
    assert HallEvent.objects.get(act="service.added").by == by


def test_a_code_is_taken_once_per_agency(hall, by, entry):
    with pytest.raises(CodeTaken):
        register.add(hall.presence, hall.service.code, entry, by=by, now=at(8))

    assert Service.objects.count() == 1


def test_a_service_stands_in_a_queue_of_its_own_agency(hall, by, entry):
    foreign = replace(entry, queue=make_queue(make_presence(hall.mall, "Lain"), "B"))

    with pytest.raises(ForeignQueue):
        register.add(hall.presence, "imi-01", foreign, by=by, now=at(8))
    with pytest.raises(ForeignQueue):
        register.change(hall.service, foreign, by=by, now=at(8))

    hall.service.refresh_from_db()
    assert hall.service.queue == hall.queue


def test_a_change_leaves_what_the_standard_says(hall, by, entry):
    Service.objects.update(product="Menurut standar", example_fields=["limits", "name"])

    register.change(hall.service, replace(entry, is_active=False), by=by, now=at(8))

    found = Service.objects.get()
    assert (found.name, found.is_active, found.product) == (
        *("Paspor baru", False, "Menurut standar"),
    )
    assert found.example_fields == ["name"]
    assert found.requirements == [{"text": "KTP-el", "note": "Asli"}]


def test_a_service_is_linked_out_and_back(hall, by):
    place = {"name": "M-Paspor", "address": "https://contoh.id/"}
    register.link_out(hall.service, **place, by=by, now=at(8))
    assert not Service.objects.get().is_booked_here
    assert not Service.objects.booked_here().exists()

    register.link_out(hall.service, name="", address="", by=by, now=at(9))
    assert Service.objects.get().is_booked_here
    assert Service.objects.booked_here().exists()


@pytest.mark.parametrize("address", ["http://contoh.id/", "javascript:alert(1)", "contoh.id"])
def test_the_address_of_another_place_is_a_safe_one(hall, address):
    hall.service.booked_with, hall.service.booked_at = "M-Paspor", address

    with pytest.raises(ValidationError, match="https"):
        hall.service.full_clean()
