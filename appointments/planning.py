"""How plans change. No other module writes a plan, its tranches and windows, or a mall's grace.

A change holds from a date on: what was before stays as it was, and whoever has booked keeps the
place. A layout is a plan as plain values; what a change would do is asked of two of them.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Mall, Weekday
from appointments import capacity, models, moves, plans
from appointments.models import ArrivalRule, Plan
from appointments.slots import WHOLE, Release, Shares, Tranche, Window
from appointments.states import Mode
from core import memo
from core.errors import Refused
from hall import record
from services.models import Service

ONE_DAY = timedelta(days=1)
DRAWN_BEFORE = (2, 28)  # days: one to apply in and one to get ready; as far as people are shown


class WindowsOverlap(Refused):
    code = "windows_overlap"


class PlanChanged(Refused):
    code = "plan_changed"


class PastRewritten(Refused):
    code = "past_rewritten"


class NoWayToPhones(Refused):
    code = "no_way_to_phones"


class NeverReleased(Refused):
    code = "never_released"


class NotDrawable(Refused):
    code = "not_drawable"


class BookedElsewhere(Refused):
    code = "booked_elsewhere"


@dataclass(frozen=True)
class Layout:
    """A plan with its windows, as plain values."""

    is_active: bool
    family: str
    needs_nik: bool
    release: Release
    windows: tuple[Window, ...] = ()

    def standing(self, weekday: int, *, on: date) -> list[Window]:
        """The windows of a weekday in the week that begins with that date, earliest first."""
        first = on + timedelta(days=(weekday - on.weekday()) % 7)
        held = (window for window in self.windows if window.holds_on(first))
        return sorted(held, key=lambda window: window.begins)


def layout_of(plan: Plan) -> Layout:
    """A plan as it is stored."""
    return Layout(
        plan.is_active,
        plan.family,
        plan.needs_nik,
        Release(plan.release_at, tranches_of(plan), plan.mode == Mode.DRAW),
        tuple(window_of(each) for each in plan.windows.all()),
    )


def tranches_of(plan: Plan) -> tuple[Tranche, ...]:
    """When the places of a plan come out, the first first."""
    return tuple(Tranche(each.days_before, each.percent) for each in plan.tranches.all())


def window_of(row: models.Window) -> Window:
    """A stored window as a value."""
    shares = Shares(row.online, row.priority, row.staff, row.walk_in)
    return Window(row.weekday, row.begins, row.ends, shares, row.from_date, row.until_date)


def seen(layout: Layout | None) -> str:
    """A short name for how a plan stands, so that nobody changes what they have not seen."""
    return hashlib.sha256(repr(layout).encode()).hexdigest()[:16] if layout else ""


# Changes, as values


def changed(
    layout: Layout,
    *,
    closes: Collection[tuple[int, time]],
    opens: Iterable[Window],
    from_date: date,
) -> Layout:
    """The plan when these windows are no more from a date on, and others begin then.

    A window is meant by its weekday and when it begins; what was planned for it later goes too.
    """
    begin = list(opens)
    kept = []
    for window in layout.windows:
        is_over = window.until_date is not None and window.until_date < from_date
        if is_over or (window.weekday, window.begins) not in closes:
            kept.append(window)
        elif window.from_date <= from_date and replace(window, from_date=from_date) in begin:
            begin.remove(replace(window, from_date=from_date))  # it goes on as it is
            kept.append(window)
        elif window.from_date < from_date:
            kept.append(replace(window, until_date=from_date - ONE_DAY))
    return replace(layout, windows=(*kept, *begin))


def with_window(layout: Layout, was: tuple[int, time] | None, window: Window) -> Layout:
    """The plan with one window put in the place of another, or added."""
    closes = {was} if was else set()
    return changed(layout, closes=closes, opens=[window], from_date=window.from_date)


def with_shares(layout: Layout, weekday: int, shares: Shares, *, from_date: date) -> Layout:
    """The plan with the same shares for every window of a weekday."""
    opens = [
        replace(window, shares=shares, from_date=from_date, until_date=None)
        for window in layout.standing(weekday, on=from_date)
    ]
    closes = keys_of(layout, [weekday])
    return changed(layout, closes=closes, opens=opens, from_date=from_date)


def with_copies(
    layout: Layout, weekday: int, others: Collection[int], *, from_date: date
) -> Layout:
    """The plan with the windows of one weekday on others too, in the place of theirs."""
    opens = [
        replace(window, weekday=other, from_date=from_date, until_date=None)
        for other in others
        for window in layout.standing(weekday, on=from_date)
    ]
    return changed(layout, closes=keys_of(layout, others), opens=opens, from_date=from_date)


def with_hours(
    layout: Layout, weekdays: Collection[int], opens: Iterable[Window], *, from_date: date
) -> Layout:
    """The plan with other windows on these weekdays, in the place of theirs."""
    closes = keys_of(layout, weekdays)
    return changed(layout, closes=closes, opens=opens, from_date=from_date)


def keys_of(layout: Layout, weekdays: Collection[int]) -> set[tuple[int, time]]:
    return {(each.weekday, each.begins) for each in layout.windows if each.weekday in weekdays}


def spans(hours: opening.Hours, minutes: int) -> Iterator[tuple[time, time]]:
    """Opening hours cut into spans of so many minutes; none reaches into the break."""
    parts = [(hours.opens, hours.break_from or hours.closes)]
    if hours.break_until:
        parts.append((hours.break_until, hours.closes))
    for begins, ends in parts:
        first, last = begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute
        for minute in range(first, last - minutes + 1, minutes):
            yield time(*divmod(minute, 60)), time(*divmod(minute + minutes, 60))


# Rules


def overlap(windows: Iterable[Window], *, since: date) -> tuple[Window, Window] | None:
    """Two windows of one weekday that hold at the same time on some date from then on, if any."""
    coming = [each for each in windows if each.until_date is None or each.until_date >= since]
    return next((pair for pair in combinations(coming, 2) if _meet(*pair)), None)


def _meet(one: Window, other: Window) -> bool:
    is_apart = one.ends <= other.begins or other.ends <= one.begins
    if one.weekday != other.weekday or is_apart:
        return False
    first = max(one.from_date, other.from_date)
    return all(each.until_date is None or each.until_date >= first for each in (one, other))


def refuse_overlap(windows: Iterable[Window], *, since: date) -> None:
    """Whether the windows of a plan fit beside each other. Raises WindowsOverlap."""
    found = overlap(windows, since=since)
    if found:
        day = Weekday(found[0].weekday).label
        spans = [f"{each.begins:%H.%M}–{each.ends:%H.%M}" for each in found]
        raise WindowsOverlap(
            _(
                "Hari %(day)s: jendela %(one)s dan %(other)s bertumpuk. Ubah salah satu jamnya,"
                " lalu simpan lagi. Belum ada yang berubah."
            )
            % {"day": day, "one": spans[0], "other": spans[1]}
        )


def check(old: Layout | None, new: Layout, *, today: date) -> None:
    """Whether a plan may become this. Raises WindowsOverlap, PastRewritten, NeverReleased."""
    refuse_overlap(new.windows, since=today)
    if _past(old.windows if old else (), today) != _past(new.windows, today):
        raise PastRewritten(_("Perubahan berlaku paling cepat hari ini; yang sudah lewat tetap."))
    if not new.release.tranches or max(each.percent for each in new.release.tranches) < WHOLE:
        raise NeverReleased(_("Tahap terakhir harus membuka 100 % tempat."))
    refuse_undrawable(new)


def refuse_booked_elsewhere(service: Service) -> None:
    """Whether a plan would mean anything for this service. Raises BookedElsewhere."""
    if not service.is_booked_here:
        raise BookedElsewhere(
            _(
                "Layanan ini dipesan lewat %(system)s, jadi tidak memakai rencana di sini. Untuk"
                " memesan di sini, admin mal menghapus tautannya di halaman layanan."
            )
            % {"system": service.booked_with}
        )


def refuse_undrawable(new: Layout) -> None:
    """Whether places can be drawn by this plan, if they are to be. Raises NotDrawable."""
    first, last = DRAWN_BEFORE
    if not new.release.by_draw:
        return
    if not first <= new.release.ahead <= last:
        raise NotDrawable(
            _("Undian dibuka %(first)d sampai %(last)d hari sebelumnya: sehari untuk mendaftar.")
            % {"first": first, "last": last}
        )
    if not new.needs_nik:
        raise NotDrawable(_("Undian perlu meminta NIK, agar satu orang hanya satu permohonan."))


def _past(windows: Iterable[Window], today: date) -> set[Window]:
    """What has held until yesterday."""
    yesterday = today - ONE_DAY
    return {
        replace(each, until_date=min(each.until_date or yesterday, yesterday))
        for each in windows
        if each.from_date <= yesterday
    }


# Writing


def store(service: Service, new: Layout, *, known: str, by: User, now: datetime, key: UUID) -> int:
    """Give a service this plan; return how many slots have promised more places than it has.

    `known` says how the plan stood when it was looked at. Raises PlanChanged when it stands
    otherwise by now, BookedElsewhere, and what check raises; then nothing changes.
    """

    def act() -> int:
        # The service is the parent of a plan that may not be there yet: two wait in line here.
        row = Service.objects.select_for_update(of=("self",), no_key=True).get(pk=service.pk)
        refuse_booked_elsewhere(row)
        plan = Plan.objects.filter(service=service).first()
        old = layout_of(plan) if plan else None
        if seen(old) != known:
            raise PlanChanged(
                _("Rencana ini baru saja diubah orang lain. Lihat lagi, lalu ulangi bila perlu.")
            )
        mall_id = service.presence.mall_id
        check(old, new, today=opening.local_date(now, calendar_of(mall_id).zone))
        plan = write(service, new)
        record.write("plan.changed", plan.pk, mall_id=mall_id, by=by, now=now)
        return capacity.follow_plan(service.pk, now=now)

    meant = "".join(sign for sign in known[:16] if sign.isalnum())
    promised = moves.answered(f"booking-plan:{service.pk}", key, f"plan {meant}", act, now)
    transaction.on_commit(memo.clear_all)
    return int(promised)


@transaction.atomic
def write(service: Service, new: Layout) -> Plan:
    """Store a plan as it is given, without questions; what stays the same keeps its row."""
    plan, _created = Plan.objects.update_or_create(
        service=service,
        defaults={
            "is_active": new.is_active,
            "family": new.family,
            "needs_nik": new.needs_nik,
            "release_at": new.release.at,
            "mode": Mode.DRAW if new.release.by_draw else Mode.FIRST_COME,
        },
    )
    if set(tranches_of(plan)) != set(new.release.tranches):
        plan.tranches.all().delete()
        models.Tranche.objects.bulk_create(
            models.Tranche(plan=plan, days_before=each.days_before, percent=each.percent)
            for each in new.release.tranches
        )
    _write_windows(plan, new.windows)
    # What this process remembers of the plan is over; the others see it within five seconds.
    memo.clear_all()
    return plan


def _write_windows(plan: Plan, windows: Iterable[Window]) -> None:
    missing = list(windows)
    for row in plan.windows.all():
        value = window_of(row)
        same = next((each for each in missing if _but_for_end(each) == _but_for_end(value)), None)
        if same is None:
            row.delete()
            continue
        missing.remove(same)
        if same != value:
            row.until_date = same.until_date
            row.save(update_fields=["until_date"])
    models.Window.objects.bulk_create(
        models.Window(plan=plan, **_columns(each)) for each in missing
    )


def _but_for_end(window: Window) -> Window:
    return replace(window, until_date=None)


def _columns(window: Window) -> dict[str, Any]:
    return {**vars(window.shares), **{k: v for k, v in vars(window).items() if k != "shares"}}


@transaction.atomic
def set_grace(
    mall: Mall, *, early: int, late: int, asks_code: bool, by: User, now: datetime
) -> None:
    """Say how early and late people with a reservation may come, and whether they type a code.

    Raises NoWayToPhones where no code could be sent: then nobody could reserve.
    """
    if asks_code and not plans.reaches_phones(mall.pk):
        raise NoWayToPhones(
            _(
                "Mal ini belum dapat mengirim pesan ke ponsel. Nyalakan dahulu WhatsApp atau SMS,"
                " atau hapus centang kodenya."
            )
        )
    rule = {"early_minutes": early, "late_minutes": late, "asks_code": asks_code}
    ArrivalRule.objects.update_or_create(mall=mall, defaults=rule)
    detail = f"{early} {late} {asks_code}"
    record.write("plan.grace", mall.pk, mall_id=mall.pk, by=by, now=now, detail=detail)
    transaction.on_commit(memo.clear_all)


def followed(service: Service, *, now: datetime) -> int:
    """After an edit of the plan's rows in the admin: the slots to come follow it."""
    memo.clear_all()
    return capacity.follow_plan(service.pk, now=now)
