"""What people may do here: given, changed and taken away. Accounts follow from the roles.

Beside the admin and the demonstration's seed no other module writes an assignment, and beside the
admin none closes an account.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import MAY, SCOPE_OF, Act, Role, roles_that_may
from agencies import access as gates
from agencies.models import Assignment, Counter, Mall
from core.errors import tried
from onboarding.models import Invitation
from onboarding.staff import inviting, log, mandates
from onboarding.staff.refusals import AlreadyHeld, LastOne, NotTheirCounter, NotYours, UntilPast
from queueing import desks
from queueing.access import workday
from queueing.models import Desk
from queueing.refusals import CounterBusy

ONE_DAY = timedelta(days=1)


def give(invitation: Invitation, user: User, *, now: datetime) -> None:
    """The role that was offered, to whoever accepts it; within the transaction of that."""
    held, is_new = Assignment.objects.get_or_create(
        user=user,
        role=invitation.role,
        mall=invitation.mall,
        agency=invitation.agency,
        province=invitation.province,
    )
    if not is_new:
        # One that has run out is had anew, as if there had been none.
        held.until = None
        held.save(update_fields=["until"])
        held.counters.clear()
    log.write("staff.joined", held, by=user, now=now)
    _settle(user, now)


def run(mall: Mall, user: User, *, now: datetime) -> None:
    """Let whoever added a place to those they run, run that one too; within its transaction."""
    held = Assignment.objects.create(user=user, role=Role.MALL_ADMIN, mall=mall)
    log.write("staff.joined", held, by=user, now=now)
    _settle(user, now)


@transaction.atomic
def arrange(
    assignment: Assignment,
    *,
    role: Role,
    until: date | None,
    counters: Iterable[Counter],
    by: User,
    now: datetime,
) -> None:
    """Another role at the same place, until when, and at which counters only (none: at all).

    Raises NotYours, UntilPast, NotTheirCounter, LastOne, AlreadyHeld.
    """
    held, on = _held(assignment), workday(now)
    for each in {Role(held.role), role}:
        mandates.refuse_beyond(by, each, held.mall, held.agency, on=on)
    if SCOPE_OF[role] != SCOPE_OF[Role(held.role)]:
        raise NotYours
    if until is not None and until < on:
        raise UntilPast(_("Tanggal itu sudah lewat. Untuk mengakhiri sekarang, pilih Akhiri."))
    if until is not None or role != held.role:
        _refuse_last(held, by, after=until or on - ONE_DAY)
    named = list(counters) if Act.WORK_COUNTER in MAY[role] else []
    if {each.pk for each in named} - {each.pk for each in counters_of(held, on=on)}:
        raise NotTheirCounter(_("Loket itu bukan loket instansi ini. Muat ulang halamannya."))
    held.role, held.until = role, until
    _keep(held, on)
    held.counters.set(named)
    inviting.drop(_offered(held), now=now)
    log.write("staff.changed", held, by=by, now=now)
    _settle(held.user, now)


@transaction.atomic
def let_go(assignment: Assignment, *, by: User, now: datetime) -> bool:
    """Take a role away: from the next request on it opens nothing.

    With the last role the account is closed and its sessions end, wherever copies of them lie: its
    password is void, and with it what every session is signed with. Returns whether that is so.
    Raises NotYours and LastOne.
    """
    held, on = _held(assignment), workday(now)
    mandates.refuse_beyond(by, Role(held.role), held.mall, held.agency, on=on)
    _refuse_last(held, by, after=on - ONE_DAY)
    # Nor do they come back tomorrow by another offer that still lies in their mail.
    inviting.drop(_still_offered(held, by, on), now=now)
    log.write("staff.let_go", held, by=by, now=now)
    held.delete()
    return _settle(held.user, now)


def counters_of(assignment: Assignment, *, on: date) -> list[Counter]:
    """The counters that its agency has on some day from this one on, to be named in it."""
    goes_on = Q(days__until_date=None) | Q(days__until_date__gte=on)
    theirs = Q(days__presence__agency=assignment.agency_id) & goes_on
    found = Counter.objects.filter(theirs, mall=assignment.mall_id, is_active=True)
    return list(found.distinct().order_by("number"))


def _held(assignment: Assignment) -> Assignment:
    """The role as it is now, held until the end with its person.

    Those who could let each other go wait here for each other, and two who take the last two roles
    of one person too.
    """
    User.objects.select_for_update(no_key=True).get(pk=assignment.user_id)
    rows = Assignment.objects.filter(pk=assignment.pk)
    if assignment.role in mandates.HEADS:
        rows |= Assignment.objects.filter(role=assignment.role, mall=assignment.mall_id)
    found = rows.select_related("user", "mall__region", "agency").order_by("pk")
    held = {each.pk: each for each in found.select_for_update(of=("self",))}
    if assignment.pk not in held:
        raise NotYours
    return held[assignment.pk]


def _refuse_last(held: Assignment, by: User, *, after: date) -> None:
    """Nobody leaves a mall or the portal to nobody who could appoint a successor."""
    if held.user_id != by.pk or held.role not in mandates.HEADS:
        return
    others = Assignment.objects.valid(after + ONE_DAY).filter(role=held.role, mall=held.mall)
    if not others.exclude(user=by).exists():
        raise LastOne(
            _("Anda satu-satunya yang memegang peran ini. Angkat pengganti dahulu, lalu akhiri.")
        )


def _keep(held: Assignment, on: date) -> None:
    """In the place of the same role where that has run out. Raises AlreadyHeld."""
    place = {"mall": held.mall, "agency": held.agency, "province": held.province}
    same = Assignment.objects.filter(user=held.user, role=held.role, **place)
    same.filter(until__lt=on).exclude(pk=held.pk).delete()
    try:
        with transaction.atomic():
            held.save(update_fields=["role", "until"])
    except IntegrityError as error:
        raise AlreadyHeld(_("Orang ini sudah memegang peran itu di sini.")) from error


def _offered(held: Assignment) -> QuerySet[Invitation]:
    """What is offered to somebody who has it already."""
    place = {"role": held.role, "mall": held.mall, "agency": held.agency}
    place |= {"province": held.province}
    return Invitation.objects.open().filter(email__iexact=held.user.email, **place)


def _still_offered(held: Assignment, by: User, on: date) -> QuerySet[Invitation]:
    """What is offered to somebody at the same mall and is also for whoever lets them go to give."""
    found = Invitation.objects.open().filter(email__iexact=held.user.email, mall=held.mall)
    own = [
        each.pk
        for each in found
        if mandates.may_give(by, Role(each.role), each.mall_id, each.agency_id, on=on)
    ]
    return found.filter(pk__in=own)


def _settle(user: User, now: datetime) -> bool:
    """Fit the account to the roles that are left; return whether it is closed."""
    _clear_desk(user, now)
    inviting.drop_unbacked(user, now=now)
    left = Assignment.objects.in_force(workday(now)).filter(user=user)
    roles = set(left.values_list("role", flat=True))
    if user.is_superuser:
        return False  # the first account of an installation, which needs no role
    user.is_staff = not roles.isdisjoint(roles_that_may(Act.EDIT_REFERENCE))
    if roles:
        user.save(update_fields=["is_staff"])
        return False
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_staff", "is_active", "password"])
    return True


def _clear_desk(user: User, now: datetime) -> None:
    """Nobody sits where they may not work; whom they are serving is finished by who takes over."""
    desk = Desk.objects.select_related("counter__mall__region").filter(officer=user).first()
    if desk is None:
        return
    on = timezone.localdate(now, desk.counter.mall.zone)
    if not gates.may_work_at(user, desk.counter, on=on):
        tried(lambda: desks.leave(desk.counter, by=user, now=now), CounterBusy)
