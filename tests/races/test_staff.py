"""Two who accept one invitation are one account, and of two who let each other go one stays."""

import time

import pytest
from django.db import OperationalError
from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from onboarding.models import Invitation
from onboarding.staff import accepting, inviting, staffing
from onboarding.staff.refusals import AlreadyInvited, InvitationVoid, NotYours
from tests.onboarding.staff.recipes import MAIL, NAME, PASSWORD, appoint, invited, role_of
from tests.races.crowd import broken_within, deferred, errors, no_transactions, together
from tests.recipes import at, make_hall

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLICKS = 6


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture(autouse=True)
def _cheap_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def no_locks(monkeypatch):
    """Rows are read without a lock, and every statement stands alone."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda found, **more: found.all())
    no_transactions(monkeypatch)


def slowly(act):
    """Widen the moment between looking and doing."""

    def run(*args, **more):
        found = act(*args, **more)
        time.sleep(0.02)
        return found

    return run


def click(accept, token):
    """Each click as somebody else's name: one of them wins."""
    return together(
        *[
            lambda name=f"siti{number}": accept(token, username=name, password=PASSWORD, now=at(9))
            for number in range(CLICKS)
        ]
    )


def test_many_clicks_are_one_account(hall, admin):
    _invitation, token = invited(hall, admin)

    results = click(accepting.accept, token)

    assert {type(error) for error in errors(results)} == {InvitationVoid}
    assert len(errors(results)) == CLICKS - 1
    assert User.objects.filter(email=MAIL).count() == 1


def test_twin_clicks_that_do_not_wait_are_more(hall, admin, guard_off):
    no_locks(guard_off)
    guard_off.setattr(accepting, "complaints", slowly(accepting.complaints))

    def goes_wrong():
        Assignment.objects.filter(user__email=MAIL).delete()
        User.objects.filter(email=MAIL).update(email="")
        Invitation.objects.all().delete()
        _invitation, token = invited(hall, admin)
        click(accepting.accept.__wrapped__, token)
        return User.objects.filter(email=MAIL).count() > 1

    assert broken_within(10, goes_wrong)


def test_two_invitations_to_one_address_are_one_account(hall, admin):
    tokens = [invited(hall, admin, role=role)[1] for role in (Role.SUPERVISOR, Role.MALL_ADMIN)]

    results = together(
        *[
            lambda token=token: accepting.accept(
                token, username=token[:8], password=PASSWORD, now=at(9)
            )
            for token in tokens
        ]
    )

    assert len(errors(results)) == 1
    assert User.objects.filter(email=MAIL).count() == 1


@pytest.mark.parametrize("role", [Role.COUNTER_OFFICER, Role.MALL_ADMIN])
def test_the_same_asked_many_times_is_asked_once(hall, admin, role):
    agency = None if role == Role.MALL_ADMIN else hall.presence.agency

    results = together(
        *[lambda: inviting.invite(MAIL, NAME, role, hall.mall, agency, by=admin, now=at(9))]
        * CLICKS
    )

    assert {type(error) for error in errors(results)} == {AlreadyInvited}
    assert Invitation.objects.open().count() == 1


def let_each_other_go(let_go, one, other):
    first, second = role_of(one), role_of(other)
    return together(
        lambda: let_go(first, by=other, now=at(9)), lambda: let_go(second, by=one, now=at(9))
    )


def heads(hall):
    Assignment.objects.filter(role=Role.MALL_ADMIN).delete()
    return [appoint(Role.MALL_ADMIN, mall=hall.mall) for _each in range(2)]


def test_of_two_who_let_each_other_go_one_stays(hall):
    for _round in range(5):
        results = let_each_other_go(staffing.let_go, *heads(hall))

        assert [type(error) for error in errors(results)] == [NotYours]
        assert Assignment.objects.filter(role=Role.MALL_ADMIN).count() == 1


def test_twin_without_waiting_both_are_gone(hall, guard_off):
    no_locks(guard_off)
    guard_off.setattr(staffing, "_refuse_last", slowly(staffing._refuse_last))

    def goes_wrong():
        let_each_other_go(staffing.let_go.__wrapped__, *heads(hall))
        return Assignment.objects.filter(role=Role.MALL_ADMIN).count() == 0

    assert broken_within(10, goes_wrong)


def person_of_two_malls(hall, there):
    """Somebody with two roles, and who may take each of them."""
    user = appoint(Role.SUPERVISOR, presence=hall.presence)
    place = {"mall": there.mall, "agency": there.presence.agency}
    Assignment.objects.create(user=user, role=Role.SUPERVISOR, **place)
    return user


def take_both(user, hall, there, by):
    held = [role_of(user, mall=each.mall) for each in (hall, there)]
    return together(*[lambda each=each: staffing.let_go(each, by=by, now=at(9)) for each in held])


def test_the_last_two_roles_taken_at_once_close_the_account(hall):
    there, by = make_hall(slug="mpp-lain"), appoint(Role.OPERATOR)
    for _round in range(5):
        user = person_of_two_malls(hall, there)

        assert sorted(take_both(user, hall, there, by)) == [False, True]
        user.refresh_from_db()
        assert user.is_active is False


def test_twin_without_the_lock_of_the_person_it_stays_open_or_fails(hall, guard_off):
    deferred(guard_off)
    guard_off.setattr(QuerySet, "select_for_update", lambda found, **more: found.all())
    guard_off.setattr(staffing, "_clear_desk", slowly(staffing._clear_desk))
    there, by = make_hall(slug="mpp-lain"), appoint(Role.OPERATOR)

    def goes_wrong():
        user = person_of_two_malls(hall, there)
        results = take_both(user, hall, there, by)
        user.refresh_from_db()
        return user.is_active or any(isinstance(e, OperationalError) for e in results)

    assert broken_within(10, goes_wrong)
