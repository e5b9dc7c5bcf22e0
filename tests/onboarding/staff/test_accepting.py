"""Whoever holds an invitation comes in, once, with an account that is theirs."""

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.roles import Role
from agencies.access import counters_for
from agencies.models import Assignment
from hall.models import HallEvent
from notifications.models import Message
from notifications.states import Channel, State
from onboarding.models import Invitation
from onboarding.staff import accepting, inviting, staffing
from onboarding.staff.refusals import AccountRefused, InvitationVoid, OnlyByMail, WrongAccount
from tests.notifications.posts import sends_through
from tests.onboarding.staff.recipes import (
    MAIL,
    NAME,
    PASSWORD,
    accepted,
    appoint,
    invited,
    only,
    role_of,
    token_of,
)
from tests.recipes import MONDAY, at, make_hall, make_presence

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


def accept(token, *, username="siti", password=PASSWORD, now=None):
    return accepting.accept(token, username=username, password=password, now=now or at(9))


def test_a_new_account_has_the_role_and_nothing_else(hall, admin):
    _invitation, token = invited(hall, admin)

    user = accept(token)

    assert (user.username, user.email, str(user)) == ("siti", MAIL, "Siti Aminah")
    assert (user.is_active, user.is_staff, user.is_superuser) == (True, False, False)
    assert user.check_password(PASSWORD)
    assert list(counters_for(user, on=MONDAY)) == hall.counters
    assert (only().accepted_by, only().accepted_at) == (user, at(9))


def test_who_edits_reference_data_may_open_its_pages(hall, admin):
    _invitation, token = invited(hall, admin, role=Role.AGENCY_ADMIN)

    assert accept(token).is_staff is True


def test_a_link_is_good_for_one_account(hall, admin):
    _invitation, token = invited(hall, admin)
    accept(token)

    with pytest.raises(InvitationVoid):
        accept(token, username="lain")
    assert User.objects.filter(email=MAIL).count() == 1


def test_a_mail_that_has_not_left_yet_is_dropped(hall, admin):
    sends_through(hall.mall, Channel.EMAIL)
    _invitation, token = invited(hall, admin)

    accept(token)

    assert Message.objects.get().state == State.WITHDRAWN


@pytest.mark.parametrize(
    ("username", "password", "fields"),
    [
        ("siti", "pendek", {"password"}),
        ("siti", "siti.aminah@uji", {"password"}),
        ("", PASSWORD, {"username"}),
        ("siti aminah", PASSWORD, {"username"}),
        ("s" * 151, PASSWORD, {"username"}),
        ("DUDUK", PASSWORD, {"username"}),
        ("duduk", "1", {"username", "password"}),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_reasons(hall, admin, username, password, fields):
    User.objects.create_user("duduk")
    invitation, token = invited(hall, admin)

    with pytest.raises(AccountRefused) as refused:
        accept(token, username=username, password=password)

    assert set(refused.value.complaints) == fields
    assert inviting.opened(token, now=at(9)) == invitation


def test_who_has_an_account_signs_in_first(hall, admin):
    appoint(Role.SUPERVISOR, presence=hall.presence, email=MAIL)
    _invitation, token = invited(hall, admin)

    with pytest.raises(WrongAccount):
        accept(token)


def test_who_is_signed_in_has_one_role_more(hall, admin):
    user = appoint(Role.SUPERVISOR, presence=hall.presence, email=MAIL.title())
    _invitation, token = invited(hall, admin, role=Role.MALL_ADMIN)

    accepting.join(token, user=user, now=at(9))

    roles = set(user.assignments.values_list("role", flat=True))
    assert roles == {Role.SUPERVISOR, Role.MALL_ADMIN}
    user.refresh_from_db()
    assert user.is_staff is True


@pytest.mark.parametrize("email", ["", "lain@uji.go.id"])
def test_nobody_accepts_for_another_address(hall, admin, email):
    user = appoint(Role.SUPERVISOR, presence=hall.presence, email=email)
    invitation, token = invited(hall, admin)

    with pytest.raises(WrongAccount):
        accepting.join(token, user=user, now=at(9))
    assert inviting.opened(token, now=at(9)) == invitation
    assert user.assignments.count() == 1


def test_a_role_that_has_run_out_is_had_anew(hall, admin):
    over = MONDAY - timedelta(days=1)
    user = appoint(Role.COUNTER_OFFICER, presence=hall.presence, email=MAIL, until=over)
    role_of(user).counters.set(hall.counters)
    _invitation, token = invited(hall, admin)

    accepting.join(token, user=user, now=at(9))

    held = role_of(user)
    assert (held.until, held.counters.count()) == (None, 0)


def test_a_province_that_was_offered_is_had(hall):
    operator, province = appoint(Role.OPERATOR), hall.mall.region.province
    to = (MAIL, NAME, Role.PROVINCE_MONITOR, None, None)
    sent = inviting.invite(*to, province=province, by=operator, now=at(9))

    user = accept(token_of(sent))

    held = role_of(user)
    assert (held.role, held.province, held.mall) == (Role.PROVINCE_MONITOR, province, None)


def gone(hall, admin):
    """Somebody who was here and left."""
    user = accepted(hall, admin)
    staffing.let_go(role_of(user), by=admin, now=at(10))
    return user


def test_a_link_handed_over_does_not_open_the_account_of_a_leaver(hall, admin):
    user = gone(hall, admin)

    with pytest.raises(OnlyByMail):
        invited(hall, admin, now=at(11))

    user.refresh_from_db()
    assert user.is_active is False
    assert Invitation.objects.open().count() == 0


def test_a_link_handed_over_before_they_left_does_not_either(hall, admin):
    """Nor does one that took the place of a mail."""
    sends_through(hall.mall, Channel.EMAIL)
    agency = make_presence(hall.mall, "Kejaksaan")
    to = (MAIL, NAME, Role.SUPERVISOR, hall.mall, agency.agency)
    mailed = inviting.invite(*to, by=admin, now=at(8))
    handed = inviting.resend(mailed.invitation, by=admin, now=at(8, 5), by_mail=False)
    user = appoint(Role.COUNTER_OFFICER, presence=hall.presence, email=MAIL)
    user.assignments.all().delete()
    User.objects.filter(pk=user.pk).update(is_active=False)

    with pytest.raises(OnlyByMail):
        accept(token_of(handed))
    again = inviting.resend(handed.invitation, by=admin, now=at(9))
    assert accept(token_of(again)).pk == user.pk


def test_a_new_link_by_hand_is_refused_and_the_mailed_one_stays(hall, admin):
    sends_through(hall.mall, Channel.EMAIL)
    user = gone(hall, admin)
    invitation, token = invited(hall, admin, now=at(11))

    with pytest.raises(OnlyByMail):
        inviting.resend(invitation, by=admin, now=at(12), by_mail=False)

    assert accept(token, now=at(12)).pk == user.pk


def test_an_operator_opens_the_account_of_a_leaver_by_hand(hall, admin):
    user = gone(hall, admin)

    _invitation, token = invited(hall, appoint(Role.OPERATOR), now=at(11))

    assert accept(token, now=at(11)).pk == user.pk


def test_who_comes_back_gets_their_account_again(hall, admin):
    sends_through(hall.mall, Channel.EMAIL)
    user = accepted(hall, admin)
    staffing.let_go(role_of(user), by=admin, now=at(10))
    _invitation, token = invited(hall, admin, now=at(11))

    again = accept(token, username="nama-lain", password="hutan-lama-di-lereng", now=at(11))

    assert (again.pk, again.username, again.is_active) == (user.pk, "siti", True)
    assert again.check_password("hutan-lama-di-lereng")
    assert list(counters_for(again, on=MONDAY)) == hall.counters


def test_who_was_switched_off_with_their_roles_is_not_woken(hall, admin):
    """Whoever did that meant the person, not the role: an invitation does not undo it."""
    user = appoint(Role.MALL_ADMIN, mall=hall.mall, email=MAIL)
    User.objects.filter(pk=user.pk).update(is_active=False)
    _invitation, token = invited(hall, admin)

    made = accept(token)

    assert made.pk != user.pk
    user.refresh_from_db()
    assert user.is_active is False


def test_the_first_account_of_an_installation_is_not_woken(hall, admin):
    root = User.objects.create_superuser("akar", MAIL, is_active=False)
    _invitation, token = invited(hall, admin)

    assert accept(token).pk != root.pk
    root.refresh_from_db()
    assert root.is_active is False


def test_joining_is_recorded_as_their_own_act(hall, admin):
    user = accepted(hall, admin)

    event = HallEvent.objects.get(act="staff.joined")
    assert (event.by, event.subject_id) == (user, user.pk)
    assert event.detail == f"counter_officer {hall.presence.agency.slug}"


def test_whoever_accepts_one_of_two_invitations_signs_in_for_the_other(hall, admin):
    _one, token = invited(hall, admin)
    _other, second = invited(hall, admin, role=Role.MALL_ADMIN)
    user = accept(token)

    with pytest.raises(WrongAccount):
        accept(second, username="siti2")
    accepting.join(second, user=user, now=at(9))
    assert Assignment.objects.filter(user=user).count() == 2
