"""Which part of a mall a board shows, and how: asked for by its address, or set for its device."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2s

from django.db.models import Q
from django.http import Http404

from agencies.models import Counter, CounterDay, Mall, Presence, in_use
from core.memo import briefly
from hall.models import Device

DAYLIGHT = range(6, 18)  # local hours in which a board that follows the day is light


@dataclass(frozen=True)
class Seat:
    """A counter on one weekday: where it stands, whose it is, and when it rests."""

    number: str
    place: str
    presence_id: int
    rests: tuple[datetime, datetime] | None


@dataclass(frozen=True)
class Scope:
    """The whole mall, the counters of one place, or one agency."""

    zone: str = ""
    presence_id: int | None = None
    name: str = ""

    @property
    def key(self) -> str:
        zone = blake2s(self.zone.encode(), digest_size=6).hexdigest() if self.zone else ""
        return f"{zone}:{self.presence_id or ''}"

    @property
    def tickets(self) -> Q:
        """The calls that belong here."""
        chosen = Q()
        if self.zone:
            chosen &= Q(counter__place=self.zone)
        if self.presence_id:
            chosen &= Q(service__presence=self.presence_id)
        return chosen

    def holds(self, seat: Seat) -> bool:
        """Whether that counter belongs here."""
        return self.zone in {"", seat.place} and self.presence_id in {None, seat.presence_id}


WHOLE_MALL = Scope()


@dataclass(frozen=True)
class Screen:
    """What a screen shows and how it looks and sounds."""

    scope: Scope
    theme: str = Device.Theme.DARK
    voice: str = Device.Voice.CLIPS
    speaks_english: bool = False
    is_enrolled: bool = False

    @property
    def key(self) -> str:
        return f"{self.scope.key}:{self.theme}:{self.voice}:{int(self.speaks_english)}"


def screen_of(
    mall: Mall, device: Device | None, *, zone: str, presence: str, now: datetime
) -> Screen:
    """The screen that asks: what its address names, else what was set for its device."""
    if device is None or device.mall_id != mall.pk or device.kind != Device.Kind.BOARD:
        return Screen(_asked(mall, zone, presence))
    return Screen(
        scope=_asked(mall, zone, presence) if zone or presence else _set(mall, device),
        theme=_theme(device, now.astimezone(mall.zone).hour),
        voice=device.voice,
        speaks_english=device.speaks_english,
        is_enrolled=True,
    )


def _asked(mall: Mall, zone: str, presence: str) -> Scope:
    if zone and zone not in places(mall.pk):
        raise Http404
    if not presence:
        return Scope(zone=zone, name=zone)
    presence_id = int(presence) if re.fullmatch(r"[0-9]{1,18}", presence) else 0
    name = agencies(mall.pk).get(presence_id)
    if name is None:
        raise Http404
    return Scope(zone, presence_id, ", ".join(filter(None, [zone, name])))


def _set(mall: Mall, device: Device) -> Scope:
    """A wall must not go blank because its place was renamed: then it shows the whole mall."""
    zone = device.zone if device.zone and device.zone in places(mall.pk) else ""
    name = agencies(mall.pk).get(device.presence_id, "") if device.presence_id else ""
    presence_id = device.presence_id if name else None
    return Scope(zone, presence_id, ", ".join(filter(None, [zone, name])))


def _theme(device: Device, hour: int) -> str:
    if device.theme != Device.Theme.DAY:
        return device.theme
    return Device.Theme.LIGHT if hour in DAYLIGHT else Device.Theme.DARK


@briefly(5)
def places(mall_id: int) -> frozenset[str]:
    """Where the counters of a mall stand."""
    counters = Counter.objects.filter(mall=mall_id, is_active=True).exclude(place="")
    return frozenset(counters.values_list("place", flat=True))


@briefly(5)
def agencies(mall_id: int) -> dict[int, str]:
    """The agencies at a mall by what its boards call them."""
    present = Presence.objects.filter(mall=mall_id, is_active=True)
    return dict(present.values_list("pk", "board_name"))


def seats(mall: Mall, on: date) -> list[Seat]:
    """The counters of a mall on that day."""
    days = (
        CounterDay.objects.on(on)
        .filter(in_use(on, "counter"), counter__mall=mall)
        .values_list(
            "counter__number", "counter__place", "presence_id", "break_from", "break_until"
        )
    )
    return [
        Seat(
            number,
            place,
            presence_id,
            (
                datetime.combine(on, start, tzinfo=mall.zone),
                datetime.combine(on, end, tzinfo=mall.zone),
            )
            if start and end
            else None,
        )
        for number, place, presence_id, start, end in days
    ]
