"""An end that is near is told once for each step, whatever the beat does."""

from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.agreement_states import WARNED
from agencies.models import Assignment
from notifications import outbox
from notifications.models import Message
from notifications.states import Channel
from onboarding.agreements import endings, register, reminding
from onboarding.agreements.register import Signatory
from onboarding.tasks import remind_of_endings
from tests.onboarding.agreements.recipes import document, neighbour, promise, signed
from tests.recipes import WIB, at, make_hall

pytestmark = pytest.mark.django_db
LAST = date(2026, 6, 30)


def morning(left):
    """Seven o'clock at the hall, so many days before the last."""
    return datetime.combine(LAST - timedelta(days=left), time(7), tzinfo=WIB)


def person(name, role, mall, agency=None):
    user = User.objects.create_user(name)
    baker.make(Assignment, user=user, role=role, mall=mall, agency=agency)
    return user


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def court(hall):
    return neighbour(hall.mall)


@pytest.fixture
def admin(hall):
    return person("admin.mal", Role.MALL_ADMIN, hall.mall)


@pytest.fixture
def agreement(hall, court):
    return signed(hall, promise(court, hall.counter, 5), until_date=LAST)


def parties_of(*presences):
    agencies = [None, *(each.agency_id for each in presences)]
    return tuple(Signatory(each, f"NOMOR/{each}", "Budi", "Kepala") for each in agencies)


def told(user=None):
    found = Message.objects.filter(kind="agreement_ending", channel=Channel.INBOX)
    return found.filter(contact__user=user) if user else found


def near(agreement, left):
    on = LAST - timedelta(days=left)
    return endings.near(type(agreement).objects.all(), on=on)


@pytest.mark.parametrize(
    ("left", "step"),
    [(90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7)],
)
def test_the_step_is_the_smallest_that_is_not_past(agreement, left, step):
    [ending] = near(agreement, left)

    assert (ending.last, ending.days, ending.step) == (LAST, left, step)


@pytest.mark.parametrize("left", [91, -1])
def test_an_end_that_is_far_or_past_is_not_near(agreement, left):
    assert near(agreement, left) == []


@pytest.mark.parametrize("beats", [1, 2, 3])
def test_however_often_the_beat_comes_each_is_told_once(agreement, admin, beats):
    for _beat in range(beats):
        reminding.remind(now=morning(30))

    message = told(admin).get()
    assert message.event == f"agreement-ending:{agreement.pk}:2026-06-30:30"
    assert outbox.values_of(message) == {
        "perjanjian": "PKS MPP",
        "instansi": "Kejaksaan Negeri",
        "batas": "Selasa, 30 Juni 2026",
        "hari": "30",
        "mal": "MPP Uji",
    }


@bounds(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(beats=st.lists(st.integers(-5, 120), max_size=8))
def test_each_step_a_beat_saw_is_told_once(agreement, admin, beats):
    seen = {min(step for step in WARNED if left <= step) for left in beats if 0 <= left <= 90}

    with transaction.atomic():
        for left in sorted(beats, reverse=True):
            reminding.remind(now=morning(left))
        events = list(told(admin).values_list("event", flat=True))
        transaction.set_rollback(True)

    assert sorted(events) == sorted(f"agreement-ending:{agreement.pk}:{LAST}:{s}" for s in seen)


def test_the_admins_of_its_agencies_are_told_and_those_of_others_are_not(hall, court, agreement):
    own = person("admin.jaksa", Role.AGENCY_ADMIN, hall.mall, court.agency)
    other = person("admin.lain", Role.AGENCY_ADMIN, hall.mall, hall.presence.agency)
    officer = person("petugas.jaksa", Role.COUNTER_OFFICER, hall.mall, court.agency)

    reminding.remind(now=morning(7))

    assert [told(user).count() for user in (own, other, officer)] == [1, 0, 0]


def test_many_agencies_are_counted_and_not_listed(hall, admin):
    presences = [neighbour(hall.mall, f"Instansi {number}") for number in range(3)]
    signed(hall, kind="memorandum", until_date=LAST, parties=parties_of(*presences))

    reminding.remind(now=morning(7))

    assert outbox.values_of(told(admin).get())["instansi"] == "3 instansi"


def test_nothing_is_told_once_a_renewal_is_signed(hall, court, agreement, admin):
    after = LAST + timedelta(days=1)
    signed(hall, promise(court, hall.counter, 5), from_date=after, renews_id=agreement.pk)

    reminding.remind(now=morning(30))

    assert not told().exists()


def test_it_is_told_when_what_follows_is_not_for_all_its_agencies(hall, court, admin):
    both = (promise(court, hall.counter, 5), promise(hall.presence, hall.counters[1], 0))
    old = signed(hall, *both, until_date=LAST)
    after = LAST + timedelta(days=1)
    signed(hall, both[0], from_date=after, renews_id=old.pk)

    reminding.remind(now=morning(30))

    assert told(admin).count() == 1


def test_a_draft_of_a_renewal_is_no_renewal(hall, court, agreement, admin):
    follows = document(
        promise(court, hall.counter, 5), from_date=date(2026, 7, 1), renews_id=agreement.pk
    )
    register.draft(hall.mall, follows, by=hall.officer, now=at(9))

    reminding.remind(now=morning(30))

    assert told(admin).count() == 1


def test_an_addendum_that_ends_with_its_base_is_not_told_beside_it(hall, court, agreement, admin):
    signed(hall, promise(court, hall.counter, 6), amends_id=agreement.pk, until_date=LAST)

    reminding.remind(now=morning(30))

    assert told(admin).count() == 1


def test_a_document_that_was_ended_early_is_not_told(hall, agreement, admin):
    register.terminate(agreement, on=date(2026, 6, 1), reason="Pindah", by=hall.officer, now=at(9))

    reminding.remind(now=morning(30))

    assert not told().exists()


def test_a_memorandum_without_content_is_told_until_it_is_renewed(hall, court, admin):
    old = signed(hall, kind="memorandum", until_date=LAST, parties=parties_of(court))
    reminding.remind(now=morning(60))
    signed(hall, kind="memorandum", from_date=LAST, parties=parties_of(court), renews_id=old.pk)
    reminding.remind(now=morning(30))

    assert told(admin).count() == 1


def test_the_beat_calls_it_every_morning(agreement, admin, monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: morning(30))

    remind_of_endings()

    assert told(admin).count() == 1
    entry = settings.CELERY_BEAT_SCHEDULE["onboarding.tasks.remind_of_endings"]
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({7}, {0})
