"""A mall that should be open and is silent is told to its admins: once a day."""

from datetime import timedelta

import pytest
from django.conf import settings

from accounts.roles import Role
from core import memo
from monitoring import watching
from monitoring.tasks import watch
from notifications import outbox
from notifications.models import Message
from notifications.states import Channel
from queueing import desks, sweeps
from tests.hall.conftest import appoint
from tests.monitoring.test_health import begun, left
from tests.recipes import MONDAY, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return begun()


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


def look(now):
    memo.clear_all()
    return watching.tell_of_silence(now=now)


def told():
    return Message.objects.filter(kind="mall_silent", channel=Channel.INBOX)


def test_a_mall_nobody_opened_is_told_to_its_admin_and_to_nobody_elsewhere(hall, admin):
    other = begun(slug="mpp-dua")
    appoint(Role.MALL_ADMIN, mall=other.mall)
    left(hall)
    other.issue(now=at(8, 20))
    other.call(now=at(8, 25))

    look(at(8, 30))

    message = told().get()
    assert (message.contact.user, message.mall) == (admin, hall.mall)
    assert outbox.values_of(message) == {"jam": "08.00 WIB", "mal": "MPP Uji"}


def test_a_mall_that_is_heard_is_not_told(hall, admin):
    hall.issue(now=at(8, 20))
    hall.call(now=at(8, 25))

    assert look(at(8, 54)) == 0


def test_a_silence_is_told_once_a_day_however_often_it_ends_and_begins(hall, admin):
    left(hall)
    for hour in (9, 10, 11):
        look(at(hour))
    desks.open_(hall.counter, by=hall.officer, now=at(11, 5))
    look(at(11, 50))
    sweeps.close_days(now=at(1, on=MONDAY + timedelta(1)))

    assert told().count() == 1
    look(at(9, on=MONDAY + timedelta(1)))
    assert told().count() == 2


@pytest.mark.parametrize("now", [at(7), at(12, 30), at(16), at(11, on=MONDAY - timedelta(1))])
def test_nobody_is_told_while_the_mall_is_closed_or_rests(hall, admin, now):
    left(hall)

    assert look(now) == 0


def test_people_who_wait_without_a_counter_are_the_floors_matter(hall, admin):
    left(hall)
    hall.issue(now=at(8, 5))

    assert look(at(8, 20)) == 0


def test_the_beat_looks_every_five_minutes(hall, admin, monkeypatch):
    left(hall)
    monkeypatch.setattr("core.clock.now", lambda: at(9))

    watch()

    assert told().count() == 1
    assert settings.CELERY_BEAT_SCHEDULE["monitoring.tasks.watch"]["schedule"] == 300.0
