"""Which agencies are at a mall, what its board calls them, and by what right they are there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Agency, Category, Mall, Presence
from onboarding.agreements import bases, promises
from onboarding.setup.arranging import noting
from onboarding.setup.arranging.refusals import ByAgreement, InUse, KnownAlready, NotThere
from queueing.models import Ticket
from queueing.states import OPEN

Basis = Presence.Basis
ICONS = {
    Category.OPD: "building-2",
    Category.PROVINCIAL: "landmark",
    Category.VERTICAL: "landmark",
    Category.JUDICIARY: "scale",
    Category.BUMN: "briefcase",
    Category.BUMD: "briefcase",
    Category.PUBLIC_BODY: "shield-check",
    Category.PRIVATE: "store",
}


@dataclass(frozen=True)
class New:
    """An organisation that the portal does not know yet."""

    name: str
    short_name: str
    category: str
    parent: Agency | None = None


@dataclass(frozen=True)
class Detail:
    """How an agency is shown at a mall, and by what right it is there."""

    presence_id: int
    board_name: str
    icon: str
    place: str
    basis: str
    decree: str = ""


@transaction.atomic
def join(mall: Mall, agencies: Collection[Agency], *, by: User, now: datetime) -> int:
    """Let agencies be present at a mall; return how many were not before."""
    noting.locked(mall)
    there = Presence.objects.filter(mall=mall, agency__in=agencies)
    back = list(there.filter(is_active=False).values_list("pk", flat=True))
    there.filter(pk__in=back).update(is_active=True)
    known = set(there.values_list("agency_id", flat=True))
    new = [each for each in agencies if each.pk not in known]
    Presence.objects.bulk_create(Presence(mall=mall, agency=each, **look_of(each)) for each in new)
    promises.keep_up(back, by=by, now=now)
    if new or back:
        said = ", ".join(each.short_name for each in new)
        noting.note("agencies", mall.pk, mall=mall, by=by, now=now, detail=said)
    return len(new) + len(back)


def look_of(agency: Agency) -> dict[str, str]:
    """How an agency is there at first; one of the region itself needs no agreement to come."""
    is_own = agency.category == Category.OPD
    return {
        "board_name": agency.short_name[:40],
        "icon": ICONS[Category(agency.category)],
        "basis": Basis.DECREE if is_own else Basis.AGREEMENT,
    }


@transaction.atomic
def create(mall: Mall, new: Sequence[New], *, by: User, now: datetime) -> int:
    """Write down agencies that nobody knew, present at this mall from now on; how many.

    Raises KnownAlready, naming the one that is in the list or was written twice.
    """
    noting.locked(mall)
    names = [each.name.casefold() for each in new]
    for each in new:
        is_known = Agency.objects.filter(name__iexact=each.name).exists()
        if is_known or names.count(each.name.casefold()) > 1:
            raise KnownAlready(
                _("%(name)s sudah ada atau tertulis dua kali. Pilih dari daftar instansi.")
                % {"name": each.name}
            )
    return join(mall, [write(each) for each in new], by=by, now=now)


def write(new: New) -> Agency:
    """The row of an agency, with an address of its own."""
    return Agency.objects.create(
        slug=_free_slug(new.name),
        name=new.name,
        short_name=new.short_name,
        category=new.category,
        parent=new.parent,
    )


def _free_slug(name: str) -> str:
    stem = slugify(name)[:54].strip("-") or "instansi"
    taken = set(Agency.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in [stem, *numbered] if each not in taken)


@transaction.atomic
def describe(mall: Mall, details: Iterable[Detail], *, by: User, now: datetime) -> None:
    """Say how agencies are shown and why they are there, all or none.

    Raises NotThere, and ByAgreement for a basis that does not fit what the agency has signed.
    """
    today = promises.today_at(noting.locked(mall), now)
    wanted = {each.presence_id: each for each in details}
    rows = list(Presence.objects.filter(mall=mall, pk__in=wanted).select_related("agency"))
    if len(rows) != len(wanted):
        raise NotThere(_("Instansi itu tidak ada di mal ini (lagi)."))
    for row in rows:
        each = wanted[row.pk]
        if refusal := bases.basis_refusal(row, each.basis, on=today):
            raise ByAgreement(refusal)
        row.board_name, row.icon, row.place = each.board_name, each.icon, each.place
        row.basis = each.basis
        row.decree = each.decree if each.basis == Basis.DECREE else ""
    Presence.objects.bulk_update(rows, ["board_name", "icon", "place", "basis", "decree"])
    noting.note("agency_details", mall.pk, mall=mall, by=by, now=now)


@transaction.atomic
def switch(presence: Presence, *, is_active: bool, by: User, now: datetime) -> None:
    """Let an agency rest at a mall, from now on, or come back.

    What people reserved there is called off with a choice for each. Raises InUse while people wait.
    """
    mall = noting.locked(presence.mall)
    if not is_active:
        refuse_waiting(Q(service__presence=presence.pk), str(presence.agency.short_name))
    Presence.objects.filter(pk=presence.pk).update(is_active=is_active)
    act = "agency_on" if is_active else "agency_off"
    promises.keep_up([presence.pk], by=by, now=now)
    noting.note(act, presence.pk, mall=mall, by=by, now=now, detail=presence.board_name)


def refuse_waiting(whose: Q, name: str) -> None:
    """What people stand in line for goes on until the last of them is done."""
    if Ticket.objects.filter(whose, state__in=OPEN, day__closed_at=None).exists():
        raise InUse(
            _("Masih ada orang yang mengantre di %(name)s. Lakukan setelah antreannya habis.")
            % {"name": name}
        )
