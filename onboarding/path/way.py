"""The way of the malls: who committed, what began when, where they stand, and when they rest.

Only this module writes milestones (by way of milestones.py), places, the ceremonies of
commitments and inaugurations, and of a mall its stage, its suspension and its address.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Act as Duty
from agencies import access, opening
from agencies.models import (
    BEGINNING,
    Ceremony,
    CounterDay,
    Mall,
    OpeningHours,
    Region,
    in_use,
)
from core.errors import Refused
from core.uploads import Accepted
from onboarding.models import Location, Milestone
from onboarding.path import milestones, naming, preparing
from onboarding.path.milestones import Event, Place, Told
from onboarding.staff import staffing
from onboarding.states import MOVES, ONCE, Act, Stage


class NobodyChosen(Refused):
    code = "nobody_chosen"


class CommittedAlready(Refused):
    code = "committed_already"


class WrongStage(Refused):
    code = "wrong_stage"


class WrongDay(Refused):
    code = "wrong_day"


class NothingOpens(Refused):
    code = "nothing_opens"


class PlaceMissing(Refused):
    code = "place_missing"


class ReasonMissing(Refused):
    code = "reason_missing"


class NoOrganiser(Refused):
    code = "no_organiser"


class NameTaken(Refused):
    code = "name_taken"


@transaction.atomic
def commit(
    regions: Iterable[Region],
    *,
    title: str,
    held_on: date,
    place: str,
    present: Sequence[str],
    document: Accepted | None,
    by: User,
    now: datetime,
) -> list[Mall]:
    """Record that the heads of these regions committed themselves on one day; return their malls.

    Raises NobodyChosen, WrongDay, and CommittedAlready naming the regions.
    """
    # Whoever registers the same region waits here: a region begins once.
    wanted = Region.objects.select_for_update().filter(pk__in=[each.pk for each in regions])
    rows = list(wanted.order_by("pk"))
    if not rows:
        raise NobodyChosen(_("Pilih paling sedikit satu wilayah yang menandatangani komitmen."))
    _refuse_future(held_on, timezone.localdate(now))
    _refuse_committed(rows)
    told = Told(place, tuple(present), document=document)
    ceremony = milestones.hold(Ceremony.Kind.COMMITMENT, title, held_on, told, by, now)
    event = Event(held_on, by, now, ceremony=ceremony)
    halls = _halls_of(rows)
    taken = set(Mall.objects.values_list("slug", flat=True))
    return [_committed(region, halls.get(region.pk), event, taken) for region in rows]


def _refuse_committed(rows: list[Region]) -> None:
    known = Milestone.objects.filter(act=Act.COMMIT, mall__region__in=rows)
    names = list(known.order_by("mall__region").values_list("mall__region__name", flat=True))
    if names:
        sentence = _("Sudah berkomitmen: %(regions)s. Hapus centangnya, lalu simpan lagi.")
        raise CommittedAlready(sentence % {"regions": ", ".join(names)})


def _halls_of(rows: list[Region]) -> dict[int, Mall]:
    """The first MPP of each region that has one, held until the end."""
    halls = Mall.objects.select_for_update().filter(region__in=rows, kind=Mall.Kind.MPP)
    # The last one written into the dictionary stays.
    return {mall.region_id: mall for mall in halls.order_by("-pk")}


def _committed(region: Region, mall: Mall | None, event: Event, taken: set[str]) -> Mall:
    if mall is None:
        mall = Mall.objects.create(
            region=region,
            kind=Mall.Kind.MPP,
            slug=naming.slug(f"mpp {region.name}", taken),
            name=_("Mal Pelayanan Publik %(region)s") % {"region": region.name},
            short_name=naming.short(f"MPP {region.name}"),
            organiser=f"DPMPTSP {region.name}",
            stage=Stage.COMMITMENT,
        )
        taken.add(mall.slug)
        milestones.write(mall, Act.COMMIT, "", Stage.COMMITMENT, event)
        return mall
    first = mall.milestones.order_by("on", "pk").first()
    if first is not None and event.on > first.on:
        sentence = _("Komitmen %(mall)s tidak mungkin sesudah %(act)s pada %(date)s.")
        named = {"mall": mall.short_name, "act": first.get_act_display(), "date": _said(first.on)}
        raise WrongDay(sentence % named)
    # Typed in later for a mall that is further already: it stays where it is.
    milestones.write(mall, Act.COMMIT, mall.stage, mall.stage, event)
    return mall


@transaction.atomic
def add_place(
    region: Region,
    kind: Mall.Kind,
    name: str,
    *,
    short_name: str,
    place: Place,
    on: date,
    by: User,
    now: datetime,
) -> Mall:
    """Begin to prepare one more place of a region's organiser: a gerai, or another MPP.

    Whoever adds it runs it, unless they run every mall anyway.
    Raises NoOrganiser when the region has no MPP yet, NameTaken, PlaceMissing and WrongDay.
    """
    region = Region.objects.select_for_update().get(pk=region.pk)
    first = Mall.objects.filter(region=region, kind=Mall.Kind.MPP).order_by("pk").first()
    if first is None:
        sentence = _("%(region)s belum mempunyai MPP. Catat dahulu komitmen kepala daerahnya.")
        raise NoOrganiser(sentence % {"region": region.name})
    if Mall.objects.filter(region=region, name__iexact=name.strip()).exists():
        raise NameTaken(_("Nama itu sudah dipakai tempat lain. Beri nama yang membedakannya."))
    _refuse_placeless(place)
    _refuse_future(on, timezone.localdate(now))
    mall = Mall.objects.create(
        region=region,
        kind=kind,
        slug=naming.slug(short_name, set(Mall.objects.values_list("slug", flat=True))),
        name=name.strip(),
        short_name=naming.short(short_name),
        organiser=first.organiser,
        stage=Stage.PREPARATION,
        place_name=place.name,
        address=place.address,
    )
    _begin(mall, place, Event(on, by, now))
    return mall


def _begin(mall: Mall, place: Place, event: Event) -> None:
    """Write how the preparation of one more place begins, and let whoever adds it run it."""
    begun = milestones.write(mall, Act.PREPARE, "", Stage.PREPARATION, event)
    milestones.locate(mall, place, event.on, begun)
    preparing.lay(mall)
    by, now = event.by, event.now
    if not access.is_national(by, Duty.PREPARE_MALL, on=timezone.localdate(now)):
        staffing.run(mall, by, now=now)


@transaction.atomic
def record(
    mall: Mall,
    act: Act,
    *,
    on: date,
    by: User,
    now: datetime,
    told: Told | None = None,
    moved_to: Place | None = None,
    reason: str = "",
) -> Milestone:
    """Record what happened to a mall; what it then stands in is said by states.MOVES.

    Raises WrongStage, WrongDay, NothingOpens (a launch without anything to open), PlaceMissing
    (a move to nowhere) and ReasonMissing (a suspension without one).
    """
    mall = milestones.locked([mall])[0]
    _refuse_stage([mall], act)
    _refuse_day(mall, act, on, now)
    if act == Act.LAUNCH:
        _refuse_empty(mall, now)
    event = Event(on, by, now, told or Told())
    match act:
        case Act.MOVE:
            return _move(mall, moved_to or Place("", ""), event)
        case Act.SUSPEND:
            return _suspend(mall, reason.strip(), event)
        case Act.REOPEN:
            return _reopen(mall, event)
    milestone = milestones.step(mall, act, event)
    if act == Act.PREPARE:
        preparing.lay(mall)
    return milestone


@transaction.atomic
def inaugurate(
    malls: Iterable[Mall],
    *,
    title: str,
    held_on: date,
    place: str,
    present: Sequence[str],
    document: Accepted | None,
    by: User,
    now: datetime,
) -> Ceremony:
    """Record that these malls were inaugurated in one ceremony.

    Raises NobodyChosen, WrongDay, and WrongStage naming the malls.
    """
    rows = milestones.locked(malls)
    if not rows:
        raise NobodyChosen(_("Pilih paling sedikit satu mal yang diresmikan."))
    _refuse_stage(rows, Act.INAUGURATE)
    for mall in rows:
        _refuse_day(mall, Act.INAUGURATE, held_on, now)
    told = Told(place, tuple(present), document=document)
    ceremony = milestones.hold(Ceremony.Kind.INAUGURATION, title, held_on, told, by, now)
    for mall in rows:
        milestones.step(mall, Act.INAUGURATE, Event(held_on, by, now, ceremony=ceremony))
    return ceremony


def lacking(mall: Mall, *, on: date) -> list[str]:
    """What keeps a mall from opening as it is on that day; nothing when something can open."""
    rows = OpeningHours.objects.filter(mall=mall, from_date__lte=on).order_by("from_date")
    hours = {row.weekday: row.opens for row in rows}
    opens = {weekday for weekday, since in hours.items() if since is not None}
    goes_on = Q(until_date=None) | Q(until_date__gte=on)
    days = CounterDay.objects.filter(goes_on, from_date__lte=on, counter__mall=mall)
    active = days.filter(in_use(on, "counter"), presence__is_active=True)
    held = set(active.values_list("weekday", flat=True))
    missing = []
    if not opens:
        missing.append(_("jam layanan belum diisi"))
    if not held:
        missing.append(_("belum ada instansi yang mempunyai loket"))
    if opens and held and not opens & held:
        missing.append(_("tidak ada loket yang dijaga pada hari buka"))
    return missing


def _move(mall: Mall, place: Place, event: Event) -> Milestone:
    _refuse_placeless(place)
    last = Location.objects.filter(mall=mall).order_by("from_date").last()
    if place == Place(mall.place_name, mall.address):
        raise PlaceMissing(_("Itu tempatnya yang sekarang. Isi tempat yang baru."))
    if last is not None and event.on <= last.from_date:
        sentence = _("Mal ini menempati %(place)s sejak %(date)s. Isi tanggal sesudahnya.")
        raise WrongDay(sentence % {"place": last.place_name, "date": _said(last.from_date)})
    if last is None and mall.place_name:
        milestones.locate(
            mall, Place(mall.place_name, mall.address), _beginning(mall, event.on), None
        )
    milestone = milestones.step(mall, Act.MOVE, event)
    milestones.locate(mall, place, event.on, milestone)
    mall.place_name, mall.address = place
    mall.save(update_fields=["place_name", "address"])
    return milestone


def _beginning(mall: Mall, before: date) -> date:
    """Since when a mall is where it was first: since its first milestone, as far as we know."""
    first = mall.milestones.filter(on__lt=before).order_by("on").first()
    return first.on if first else BEGINNING


def _suspend(mall: Mall, reason: str, event: Event) -> Milestone:
    if not reason:
        raise ReasonMissing(_("Tulis alasannya; pemohon membacanya di halaman mal dan di kios."))
    mall.suspended_from, mall.suspended_for = event.on, reason
    # On the mall it is gone when it opens again; in its history it stays.
    told = replace(event.told, note="\n".join(filter(None, [reason, event.told.note])))
    return milestones.step(mall, Act.SUSPEND, event._replace(told=told))


def _reopen(mall: Mall, event: Event) -> Milestone:
    closed = mall.milestones.filter(act=Act.SUSPEND).order_by("-pk").first()
    # One that rests since before the portal knew of it has at least been opened once.
    stage = Stage(closed.came_from) if closed else Stage.SOFT_LAUNCH
    mall.suspended_from, mall.suspended_for = None, ""
    return milestones.step(mall, Act.REOPEN, event, to=stage)


def _refuse_stage(malls: list[Mall], act: Act) -> None:
    wrong = [mall for mall in malls if mall.stage not in MOVES[act].origins]
    if wrong:
        where = ", ".join(f"{mall.short_name} ({mall.get_stage_display()})" for mall in wrong)
        sentence = _("“%(act)s” belum atau tidak lagi dapat dicatat untuk %(malls)s.")
        raise WrongStage(sentence % {"act": act.label, "malls": where})
    known = Milestone.objects.filter(mall__in=malls, act=act).select_related("mall")
    if act in ONCE and (names := [each.mall.short_name for each in known]):
        sentence = _("“%(act)s” sudah tercatat untuk %(malls)s.")
        raise WrongStage(sentence % {"act": act.label, "malls": ", ".join(names)})


def _refuse_day(mall: Mall, act: Act, on: date, now: datetime) -> None:
    today = opening.local_date(now, mall.zone)
    if act == Act.SUSPEND:
        if on < today:
            raise WrongDay(_("Penghentian berlaku paling cepat hari ini. Isi tanggal lain."))
    else:
        _refuse_future(on, today)
    # A commitment may have been typed in later than what came after it.
    later = mall.milestones.order_by("pk").exclude(act=Act.COMMIT)
    last = later.last() or mall.milestones.first()
    # A suspension that has been announced may be taken back before its day.
    if last is not None and on < min(last.on, today):
        sentence = _("%(act)s tercatat pada %(date)s. Isi tanggal itu atau sesudahnya.")
        raise WrongDay(sentence % {"act": last.get_act_display(), "date": _said(last.on)})


def _refuse_future(on: date, today: date) -> None:
    if on > today:
        raise WrongDay(_("Tanggal itu belum tiba. Catat setelah terjadi."))


def _refuse_empty(mall: Mall, now: datetime) -> None:
    missing = lacking(mall, on=opening.local_date(now, mall.zone))
    if missing:
        sentence = _("Belum ada yang dapat dibuka: %(missing)s. Lengkapi dahulu penataannya.")
        raise NothingOpens(sentence % {"missing": "; ".join(missing)})


def _refuse_placeless(place: Place) -> None:
    if not place.name.strip() or not place.address.strip():
        raise PlaceMissing(_("Isi nama tempat dan alamatnya."))


def _said(day: date) -> str:
    return format_date(day, "j F Y")
