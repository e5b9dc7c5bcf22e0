"""A role is offered to an e-mail address by whoever may give it, and its link is nobody else's."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry

from accounts.roles import Role
from hall.models import HallEvent
from notifications import contacts, outbox
from notifications.models import Contact, Message
from notifications.states import Channel, State
from onboarding.models import Invitation
from onboarding.staff import inviting
from onboarding.staff.refusals import (
    AlreadyHeld,
    AlreadyInvited,
    InvitationOver,
    InvitationVoid,
    JustSent,
    NotYours,
)
from tests.notifications.posts import plug_in, sends_through, work
from tests.onboarding.staff.recipes import MAIL, NAME, appoint, invited, only, token_of
from tests.recipes import at, later, make_hall, make_presence

pytestmark = pytest.mark.django_db
ROLES = list(Role)
LATER = at(9, 5)


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


def may(by, role, mall=None, agency=None, province=""):
    to = (f"{role}@uji.go.id", NAME, role, mall, agency)
    try:
        inviting.invite(*to, province=province, by=by, now=at(9))
    except NotYours:
        return False
    return True


def given(by, mall, agency):
    """Every role somebody may give: at the agency, the mall or everywhere, as the role wants."""
    places = {Role.MALL_ADMIN: (mall,), Role.MINISTRY_MONITOR: (), Role.OPERATOR: ()}
    places[Role.PROVINCE_MONITOR] = (None, None, mall.region.province)
    return {role for role in ROLES if may(by, role, *places.get(role, (mall, agency)))}


@pytest.mark.parametrize(
    ("role", "gives"),
    [
        (Role.COUNTER_OFFICER, set()),
        (Role.SUPERVISOR, set()),
        (Role.AGENCY_ADMIN, {*ROLES[:3]}),
        (Role.MALL_ADMIN, {*ROLES[:4]}),
        (Role.PROVINCE_MONITOR, set()),
        (Role.MINISTRY_MONITOR, set()),
        (Role.OPERATOR, {*ROLES}),
    ],
)
def test_nobody_gives_more_than_they_look_after(hall, role, gives):
    place = {"presence": hall.presence} if role in ROLES[:3] else {}
    place |= {"mall": hall.mall} if role == Role.MALL_ADMIN else {}
    place |= {"province": hall.mall.region.province} if role == Role.PROVINCE_MONITOR else {}

    assert given(appoint(role, **place), hall.mall, hall.presence.agency) == gives


@pytest.mark.parametrize("role", [Role.AGENCY_ADMIN, Role.MALL_ADMIN])
def test_nobody_gives_anything_elsewhere(hall, role):
    there = make_hall(slug="mpp-lain")
    by = appoint(
        role, **({"presence": hall.presence} if role in ROLES[:3] else {"mall": hall.mall})
    )

    assert given(by, there.mall, there.presence.agency) == set()
    # An agency of both malls is looked after at each by others.
    assert may(by, Role.SUPERVISOR, there.mall, hall.presence.agency) is False


def test_an_agency_admin_invites_for_no_other_agency(hall):
    by = appoint(Role.AGENCY_ADMIN, presence=hall.presence)

    assert given(by, hall.mall, make_presence(hall.mall).agency) == set()


def test_who_has_run_out_invites_nobody(hall):
    by = appoint(Role.MALL_ADMIN, mall=hall.mall, until=at(9).date() - timedelta(days=1))

    assert given(by, hall.mall, hall.presence.agency) == set()


def test_an_agency_that_is_not_at_the_mall_has_no_people_there(hall, admin):
    hall.presence.is_active = False
    hall.presence.save()

    assert may(admin, Role.SUPERVISOR, hall.mall, hall.presence.agency) is False


def test_a_role_fits_its_place(hall):
    operator = appoint(Role.OPERATOR)

    assert may(operator, Role.SUPERVISOR, hall.mall) is False
    assert may(operator, Role.MALL_ADMIN, hall.mall, hall.presence.agency) is False
    assert may(operator, Role.OPERATOR, hall.mall) is False
    province = hall.mall.region.province
    assert may(operator, Role.OPERATOR, province=province) is False
    assert may(operator, Role.PROVINCE_MONITOR) is False
    assert may(operator, Role.PROVINCE_MONITOR, province="Atlantis") is False
    assert may(operator, Role.PROVINCE_MONITOR, hall.mall, province=province) is False


def test_only_the_hash_of_a_link_is_kept(hall, admin):
    invitation, token = invited(hall, admin)

    assert len(token) == 43
    row = Invitation.objects.values().get()
    assert token not in str(row)
    assert len(invitation.token_hash) == 64
    assert inviting.opened(token, now=at(9)) == invitation


def test_without_a_channel_the_link_is_handed_over(hall, admin):
    sent = inviting.invite(MAIL, NAME, Role.MALL_ADMIN, hall.mall, None, by=admin, now=at(9))

    assert sent.is_mailed is False
    assert sent.link == f"http://127.0.0.1:8000/petugas/undangan/{token_of(sent)}/"
    assert (Message.objects.count(), Contact.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("language", "said"), [("id", "sebagai Petugas loket"), ("en", "as Counter officer")]
)
def test_the_mail_carries_the_link_sealed(hall, admin, monkeypatch, language, said):
    sends_through(hall.mall, Channel.EMAIL)
    line = plug_in(monkeypatch, Channel.EMAIL)
    agency = hall.presence.agency

    sent = inviting.invite(
        MAIL, NAME, Role.COUNTER_OFFICER, hall.mall, agency, by=admin, now=at(9), language=language
    )

    row = Message.objects.get()
    assert sent.is_mailed is True
    assert (row.kind, row.not_after) == ("staff_invitation", at(9) + timedelta(days=7))
    assert token_of(sent) not in str(Message.objects.values().get())
    work(now=later(at(9), seconds=5))
    (mail,) = line.sent
    assert (mail.to, sent.link in mail.body) == (MAIL, True)
    assert "Siti A." in mail.body
    assert outbox.values_of(row)["peran"] in said


def test_whoever_said_stop_is_handed_the_link(hall, admin):
    sends_through(hall.mall, Channel.EMAIL)
    contacts.stop(Channel.EMAIL, MAIL, now=at(8))

    sent = inviting.invite(MAIL, NAME, Role.MALL_ADMIN, hall.mall, None, by=admin, now=at(9))

    assert sent.is_mailed is False


@pytest.mark.parametrize("role", [Role.COUNTER_OFFICER, Role.MALL_ADMIN])
def test_the_same_is_offered_once(hall, admin, role):
    invited(hall, admin, role=role)

    with pytest.raises(AlreadyInvited):
        invited(hall, admin, role=role, email=MAIL.upper())
    assert Invitation.objects.count() == 1


def test_what_is_held_is_not_offered(hall, admin):
    appoint(Role.SUPERVISOR, presence=hall.presence, email=MAIL.title())

    with pytest.raises(AlreadyHeld):
        invited(hall, admin, role=Role.SUPERVISOR)


def test_one_that_is_too_old_makes_room(hall, admin):
    _old, token = invited(hall, admin)

    newer, _token = invited(hall, admin, now=at(9) + inviting.LIVES)

    assert Invitation.objects.open().get() == newer
    with pytest.raises(InvitationVoid):
        inviting.opened(token, now=at(9))


def test_sent_again_only_the_newer_link_opens(hall, admin, monkeypatch):
    sends_through(hall.mall, Channel.EMAIL)
    line = plug_in(monkeypatch, Channel.EMAIL)
    invitation, token = invited(hall, admin)

    again = inviting.resend(invitation, by=admin, now=LATER)

    with pytest.raises(InvitationVoid):
        inviting.opened(token, now=LATER)
    assert inviting.opened(token_of(again), now=LATER) == invitation
    work(now=later(LATER, seconds=5))
    assert [again.link in mail.body for mail in line.sent] == [True]
    assert sorted(Message.objects.values_list("state", flat=True)) == [State.SENT, State.WITHDRAWN]


def test_it_is_not_mailed_twice_within_a_minute(hall, admin):
    invitation, token = invited(hall, admin)

    with pytest.raises(JustSent):
        inviting.resend(invitation, by=admin, now=at(9, 0, 59))
    assert inviting.opened(token, now=at(9, 1)) == invitation
    assert inviting.resend(invitation, by=admin, now=at(9), by_mail=False).is_mailed is False


def test_what_is_over_is_not_sent_again(hall, admin):
    invitation, _token = invited(hall, admin)
    inviting.withdraw(invitation, by=admin, now=at(9))

    with pytest.raises(InvitationOver):
        inviting.resend(invitation, by=admin, now=LATER)


def test_nobody_touches_an_invitation_they_may_not_give(hall, admin):
    invitation, token = invited(hall, admin, role=Role.MALL_ADMIN)
    other = appoint(Role.AGENCY_ADMIN, presence=hall.presence)

    for act in (inviting.resend, inviting.withdraw):
        with pytest.raises(NotYours):
            act(invitation, by=other, now=LATER)
    assert inviting.opened(token, now=LATER) == invitation


def test_withdrawn_it_opens_nothing_and_its_mail_stays_here(hall, admin, monkeypatch):
    sends_through(hall.mall, Channel.EMAIL)
    line = plug_in(monkeypatch, Channel.EMAIL)
    invitation, token = invited(hall, admin)

    for _twice in range(2):
        inviting.withdraw(invitation, by=admin, now=at(9))

    with pytest.raises(InvitationVoid):
        inviting.opened(token, now=at(9))
    work(now=later(at(9), seconds=5))
    assert line.sent == []
    assert HallEvent.objects.filter(act="staff.uninvited").count() == 1


def test_it_ends_after_seven_days(hall, admin):
    invitation, token = invited(hall, admin)
    end = at(9) + timedelta(days=7)

    assert inviting.opened(token, now=end - timedelta(seconds=1)) == invitation
    with pytest.raises(InvitationVoid):
        inviting.opened(token, now=end)


def test_what_a_leaver_offered_opens_nothing(hall, admin):
    _invitation, token = invited(hall, admin)
    admin.assignments.all().delete()

    with pytest.raises(InvitationVoid):
        inviting.opened(token, now=at(9))


def test_every_act_is_recorded_without_a_name(hall, admin):
    invitation, _token = invited(hall, admin)
    inviting.resend(invitation, by=admin, now=LATER)
    inviting.withdraw(invitation, by=admin, now=LATER)

    found = HallEvent.objects.filter(act__startswith="staff.").order_by("version")
    said = f"counter_officer {hall.presence.agency.slug}"
    assert list(found.values_list("act", "subject_id", "by", "detail")) == [
        (f"staff.{act}", only().pk, admin.pk, said)
        for act in ("invited", "invited_again", "uninvited")
    ]


def test_what_is_offered_for_the_nation_is_recorded_with_the_reference_data():
    operator = appoint(Role.OPERATOR)

    sent = inviting.invite(MAIL, NAME, Role.MINISTRY_MONITOR, None, None, by=operator, now=at(9))

    assert sent.is_mailed is False
    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message) == (operator, "staff.invited ministry_monitor")


def test_a_monitor_is_offered_each_province_once(hall):
    operator, other = appoint(Role.OPERATOR), make_hall(slug="mpp-lain").mall.region
    other.province = "Banten"
    other.save()
    to = {"role": Role.PROVINCE_MONITOR, "mall": None, "agency": None, "by": operator, "now": at(9)}

    for province in (hall.mall.region.province, "Banten"):
        inviting.invite(MAIL, NAME, province=province, **to)

    with pytest.raises(AlreadyInvited):
        inviting.invite(MAIL, NAME, province="Banten", **to)
    assert Invitation.objects.open().count() == 2
