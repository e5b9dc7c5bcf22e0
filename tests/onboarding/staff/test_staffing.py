"""Roles change and end at once, and nobody leaves a mall without anybody who could appoint."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.access import counters_for
from agencies.models import Assignment, Counter, CounterDay
from hall.models import HallEvent
from onboarding.models import Invitation
from onboarding.staff import inviting, staffing
from onboarding.staff.refusals import (
    AlreadyHeld,
    InvitationVoid,
    LastOne,
    NotTheirCounter,
    NotYours,
    UntilPast,
)
from queueing.models import Desk
from tests.onboarding.staff.recipes import MAIL, appoint, invited, role_of
from tests.recipes import MONDAY, at, make_hall, make_presence

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall, email="admin@uji.go.id")


@pytest.fixture
def held(hall):
    return role_of(hall.officer)


def arrange(held, by, **what):
    known = {"role": Role(held.role), "until": held.until, "counters": ()}
    staffing.arrange(held, **(known | what), by=by, now=at(9))


# --- Changing ----------------------------------------------------------------------------------


def test_another_role_at_the_same_agency(hall, admin, held):
    arrange(held, admin, role=Role.AGENCY_ADMIN)

    assert role_of(hall.officer).role == Role.AGENCY_ADMIN
    hall.officer.refresh_from_db()
    assert hall.officer.is_staff is True
    arrange(role_of(hall.officer), admin, role=Role.SUPERVISOR)
    hall.officer.refresh_from_db()
    assert hall.officer.is_staff is False


@pytest.mark.parametrize("role", [Role.MALL_ADMIN, Role.MINISTRY_MONITOR, Role.OPERATOR])
def test_no_role_becomes_one_of_another_reach(admin, held, role):
    with pytest.raises(NotYours):
        arrange(held, admin, role=role)


def test_an_agency_admin_arranges_their_own_people_only(hall, held):
    other = appoint(Role.AGENCY_ADMIN, presence=make_presence(hall.mall))
    own = appoint(Role.AGENCY_ADMIN, presence=hall.presence)

    with pytest.raises(NotYours):
        arrange(held, other, role=Role.SUPERVISOR)
    arrange(held, own, role=Role.SUPERVISOR)
    assert role_of(hall.officer).role == Role.SUPERVISOR


def test_until_a_day_and_not_after(hall, admin, held):
    arrange(held, admin, until=MONDAY)

    assert list(counters_for(hall.officer, on=MONDAY)) == hall.counters
    assert list(counters_for(hall.officer, on=MONDAY + ONE_DAY)) == []


def test_a_day_that_is_over_is_no_end(admin, held):
    with pytest.raises(UntilPast):
        arrange(held, admin, until=MONDAY - ONE_DAY)


def test_an_officer_is_for_the_named_counters(hall, admin, held):
    arrange(held, admin, counters=hall.counters[1:])

    assert list(counters_for(hall.officer, on=MONDAY)) == hall.counters[1:]


def test_the_desk_of_a_counter_taken_away_is_free(hall, admin, held):
    arrange(held, admin, counters=hall.counters[1:])

    assert Desk.objects.get(counter=hall.counter).officer is None


def test_a_counter_of_another_agency_is_not_named(hall, admin, held):
    elsewhere = baker.make(Counter, mall=hall.mall, number="9")
    baker.make(CounterDay, counter=elsewhere, presence=make_presence(hall.mall), weekday=0)

    with pytest.raises(NotTheirCounter):
        arrange(held, admin, counters=[elsewhere])


def test_who_works_at_no_counter_is_named_none(hall, admin, held):
    arrange(held, admin, role=Role.AGENCY_ADMIN, counters=hall.counters)

    assert role_of(hall.officer).counters.count() == 0


def test_nobody_holds_a_role_twice(hall, admin, held):
    place = {"mall": hall.mall, "agency": hall.presence.agency}
    baker.make(Assignment, user=hall.officer, role=Role.SUPERVISOR, **place)

    with pytest.raises(AlreadyHeld):
        arrange(held, admin, role=Role.SUPERVISOR)


def test_what_was_offered_and_is_held_now_is_withdrawn(hall, admin, held):
    User.objects.filter(pk=hall.officer.pk).update(email=MAIL)
    invited(hall, admin, role=Role.SUPERVISOR)

    arrange(held, admin, role=Role.SUPERVISOR)

    assert Invitation.objects.open().count() == 0


def test_an_account_switched_off_stays_off(hall, admin, held):
    User.objects.filter(pk=hall.officer.pk).update(is_active=False)

    arrange(held, admin, role=Role.SUPERVISOR)

    hall.officer.refresh_from_db()
    assert hall.officer.is_active is False


# --- Leaving -----------------------------------------------------------------------------------


def test_the_last_role_closes_the_account(hall, admin, held):
    hall.officer.set_password("sandi-yang-panjang")
    hall.officer.save()

    assert staffing.let_go(held, by=admin, now=at(9)) is True

    hall.officer.refresh_from_db()
    assert (hall.officer.is_active, hall.officer.has_usable_password()) == (False, False)
    assert Assignment.objects.filter(user=hall.officer).count() == 0
    assert Desk.objects.get(counter=hall.counter).officer is None


def test_another_role_keeps_it_open(hall, admin, held):
    there = make_hall(slug="mpp-lain")
    place = {"mall": there.mall, "agency": there.presence.agency}
    baker.make(Assignment, user=hall.officer, role=Role.SUPERVISOR, **place)

    assert staffing.let_go(held, by=admin, now=at(9)) is False

    hall.officer.refresh_from_db()
    assert hall.officer.is_active is True
    assert role_of(hall.officer).mall == there.mall


def test_a_role_that_has_run_out_keeps_nothing_open(hall, admin, held):
    over = {"role": Role.SUPERVISOR, "until": MONDAY - ONE_DAY}
    place = {"mall": hall.mall, "agency": hall.presence.agency}
    baker.make(Assignment, user=hall.officer, **over, **place)

    assert staffing.let_go(held, by=admin, now=at(9)) is True


def test_the_first_account_of_an_installation_needs_no_role(hall, admin, held):
    User.objects.filter(pk=hall.officer.pk).update(is_superuser=True)

    assert staffing.let_go(held, by=admin, now=at(9)) is False

    hall.officer.refresh_from_db()
    assert hall.officer.is_active is True


def test_whom_a_leaver_serves_stays_for_a_colleague(hall, admin, held):
    hall.issue()
    hall.call()

    staffing.let_go(held, by=admin, now=at(9))

    assert Desk.objects.get(counter=hall.counter).officer == hall.officer


def test_a_leaver_takes_their_offers_and_their_invitations_with_them(hall, admin):
    own = appoint(Role.AGENCY_ADMIN, presence=hall.presence, email=MAIL)
    _offered, token = invited(hall, own, email="lain@uji.go.id")
    _waiting, back = invited(hall, admin, role=Role.MALL_ADMIN)

    staffing.let_go(role_of(own), by=admin, now=at(9))

    for each in (token, back):
        with pytest.raises(InvitationVoid):
            inviting.opened(each, now=at(9))
    assert Invitation.objects.open().count() == 0


def test_an_agency_withdraws_its_own_offers_and_nobody_elses(hall, admin, held):
    User.objects.filter(pk=hall.officer.pk).update(email=MAIL)
    own = appoint(Role.AGENCY_ADMIN, presence=hall.presence)
    for each in (hall.presence, make_presence(hall.mall, "Lain")):
        place = hall.mall, each.agency
        inviting.invite(MAIL, "Siti", Role.SUPERVISOR, *place, by=admin, now=at(9))
    invited(hall, admin, role=Role.MALL_ADMIN)

    staffing.let_go(held, by=own, now=at(9))

    left = Invitation.objects.open().values_list("role", "agency__name").order_by("role")
    assert list(left) == [("mall_admin", None), ("supervisor", "Lain")]


def test_nobody_lets_go_what_they_may_not_give(hall, held):
    for by in (appoint(Role.SUPERVISOR, presence=hall.presence), appoint(Role.MINISTRY_MONITOR)):
        with pytest.raises(NotYours):
            staffing.let_go(held, by=by, now=at(9))
    assert role_of(hall.officer)


def test_a_second_click_finds_nothing(admin, held):
    staffing.let_go(held, by=admin, now=at(9))

    with pytest.raises(NotYours):
        staffing.let_go(held, by=admin, now=at(9))


@pytest.mark.parametrize("role", [Role.MALL_ADMIN, Role.OPERATOR])
def test_the_last_one_does_not_leave(hall, role):
    place = {"mall": hall.mall} if role == Role.MALL_ADMIN else {}
    one = appoint(role, **place)
    appoint(role, until=MONDAY - ONE_DAY, **place)
    if role == Role.MALL_ADMIN:
        appoint(role, mall=make_hall(slug="mpp-lain").mall)

    with pytest.raises(LastOne):
        staffing.let_go(role_of(one), by=one, now=at(9))
    with pytest.raises(LastOne):
        arrange(role_of(one), one, until=MONDAY)

    appoint(role, **place)
    assert staffing.let_go(role_of(one), by=one, now=at(9)) is True


def test_a_successor_must_stay_longer(hall, admin):
    appoint(Role.MALL_ADMIN, mall=hall.mall, until=MONDAY + ONE_DAY)

    with pytest.raises(LastOne):
        arrange(role_of(admin), admin, until=MONDAY + ONE_DAY)
    arrange(role_of(admin), admin, until=MONDAY)


def test_an_operator_may_end_even_the_last_admin_of_a_mall(hall, admin):
    assert staffing.let_go(role_of(admin), by=appoint(Role.OPERATOR), now=at(9)) is True


def test_leaving_is_recorded_without_a_name(hall, admin, held):
    user = held.user
    staffing.let_go(held, by=admin, now=at(9))

    event = HallEvent.objects.get(act="staff.let_go")
    assert (event.subject_id, event.by) == (user.pk, admin)
    assert event.detail == f"counter_officer {hall.presence.agency.slug}"


def test_leaving_the_nation_is_recorded_with_the_reference_data():
    operator, monitor = appoint(Role.OPERATOR), appoint(Role.MINISTRY_MONITOR)

    staffing.let_go(role_of(monitor), by=operator, now=at(9))

    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (
        str(monitor.pk),
        "staff.let_go ministry_monitor",
    )


def test_a_role_that_has_run_out_stands_in_the_way_of_none(hall, admin, held):
    place = {"mall": hall.mall, "agency": hall.presence.agency}
    until = MONDAY - ONE_DAY
    baker.make(Assignment, user=hall.officer, role=Role.SUPERVISOR, until=until, **place)

    arrange(held, admin, role=Role.SUPERVISOR)

    found = role_of(hall.officer)
    assert (found.pk, found.role, found.until) == (held.pk, Role.SUPERVISOR, None)


def test_whoever_adds_a_place_runs_it_and_that_is_recorded(hall, admin):
    there = make_hall(slug="gerai").mall

    staffing.run(there, admin, now=at(9))

    assert role_of(admin, mall=there).role == Role.MALL_ADMIN
    event = HallEvent.objects.get(act="staff.joined", mall=there)
    assert (event.by, event.subject_id) == (admin, admin.pk)
