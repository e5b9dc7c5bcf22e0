"""What is wrong on a floor, the worst first, in sentences. Pure: the picture goes in.

The thresholds are those at which somebody who runs a hall gets up and goes there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.opening import Phase
from core import formats
from hall.models import Alarm, Closure
from queueing.floor.now import CounterNow, DeviceNow, Doing, FloorNow, LineNow, minutes_since

LONG_WAIT = 4  # times the minutes of the service
LEAST_LONG_WAIT = 30  # minutes; shorter waits are no exception, however short the service
IDLE = 3  # minutes of a free officer while people wait
LONG_BREAK = 20  # minutes; one of the rota lasts as long as it says
OVER_STANDARD = 2  # times the minutes of the service
NAMED = 4  # agencies named in one sentence


class Kind(IntEnum):
    """In the order in which somebody should look at them."""

    ALARM = 1
    REQUEST = 2
    NO_COUNTER = 3
    SILENT_DEVICE = 4
    NOBODY_THERE = 5
    LONG_WAIT = 6
    IDLE = 7
    LONG_BREAK = 8
    NEAR_QUOTA = 9
    OVER_STANDARD = 10
    OLD_PICTURE = 11


ICONS = {
    Kind.ALARM: "bell-ring",
    Kind.REQUEST: "door-closed",
    Kind.NO_COUNTER: "users",
    Kind.SILENT_DEVICE: "wifi-off",
    Kind.NOBODY_THERE: "armchair",
    Kind.LONG_WAIT: "hourglass",
    Kind.IDLE: "user",
    Kind.LONG_BREAK: "coffee",
    Kind.NEAR_QUOTA: "ticket",
    Kind.OVER_STANDARD: "timer",
    Kind.OLD_PICTURE: "history",
}


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong, and whom or what an act beside it would move."""

    kind: Kind
    title: str
    text: str
    since: datetime | None = None
    counter: CounterNow | None = None
    helper: CounterNow | None = None  # an open counter that could serve the queue as well
    line: LineNow | None = None
    device: DeviceNow | None = None
    alarm: Alarm | None = None
    closure: Closure | None = None

    @property
    def name(self) -> str:
        return self.kind.name.lower()

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def is_grave(self) -> bool:
        return self.kind <= Kind.SILENT_DEVICE and self.kind != Kind.REQUEST


def found_on(floor: FloorNow) -> list[Trouble]:
    """Everything that is wrong, the worst first, of its kind the oldest first."""
    found = [trouble for check in CHECKS for trouble in check(floor)]
    return sorted(found, key=lambda each: (each.kind, each.since or floor.now))


def _alarms(floor: FloorNow) -> Iterator[Trouble]:
    for alarm in floor.alarms:
        yield Trouble(
            Kind.ALARM,
            _("%(counter)s memanggil bantuan") % {"counter": alarm.counter},
            _("Oleh %(officer)s, pukul %(time)s.")
            % {"officer": alarm.by, "time": formats.clock(alarm.at, floor.floor.mall.zone)},
            since=alarm.at,
            alarm=alarm,
        )


def _requests(floor: FloorNow) -> Iterator[Trouble]:
    for counter in floor.counters:
        asked = counter.request
        if asked is None:
            continue
        until = formats.clock(asked.until, floor.floor.mall.zone)
        yield Trouble(
            Kind.REQUEST,
            _("%(counter)s minta ditutup sampai %(time)s")
            % {"counter": counter.name, "time": until},
            _("%(reason)s. Diajukan %(officer)s.")
            % {"reason": asked.get_reason_display(), "officer": asked.requested_by},
            since=asked.requested_at,
            counter=counter,
            closure=asked,
        )


def _no_counter(floor: FloorNow) -> Iterator[Trouble]:
    for line in floor.lines:
        if not line.waiting or line.open_counters or floor.phase == Phase.BREAK:
            continue
        title = ngettext(
            "%(count)d orang menunggu di antrean %(letter)s, tidak ada loket yang buka",
            "%(count)d orang menunggu di antrean %(letter)s, tidak ada loket yang buka",
            line.waiting,
        )
        yield Trouble(
            Kind.NO_COUNTER,
            title % {"count": line.waiting, "letter": line.queue.letter},
            _longest(line),
            since=line.longest_since,
            line=line,
            helper=_helper(floor, line),
        )


def _nobody_there(floor: FloorNow) -> Iterator[Trouble]:
    """Agencies whose counters are all empty while the hall is open: one line for all of them."""
    if floor.phase != Phase.OPEN:
        return
    absent = [
        agency.presence.board_name
        for agency in floor.agencies
        if not agency.waiting and not any(counter.officer for counter in agency.counters)
    ]
    if absent:
        title = ngettext(
            "%(count)d instansi belum punya petugas di loket",
            "%(count)d instansi belum punya petugas di loket",
            len(absent),
        )
        more = _("%(names)s, dan %(count)d lainnya.") % {
            "names": ", ".join(absent[:NAMED]),
            "count": len(absent) - NAMED,
        }
        named = more if len(absent) > NAMED else f"{', '.join(absent)}."
        yield Trouble(Kind.NOBODY_THERE, title % {"count": len(absent)}, named)


def _long_waits(floor: FloorNow) -> Iterator[Trouble]:
    for line in floor.lines:
        limit = max(LEAST_LONG_WAIT, LONG_WAIT * line.expected_minutes)
        if not line.open_counters or line.longest <= limit:
            continue
        yield Trouble(
            Kind.LONG_WAIT,
            _("Antrean %(letter)s menunggu sampai %(minutes)s")
            % {"letter": line.queue.letter, "minutes": formats.minutes(line.longest)},
            _("%(name)s, %(count)d orang, biasanya %(usual)s seorang.")
            % {
                "name": line.queue.name,
                "count": line.waiting,
                "usual": formats.minutes(round(line.expected_minutes)),
            },
            since=line.longest_since,
            line=line,
            helper=_helper(floor, line),
        )


def _idle(floor: FloorNow) -> Iterator[Trouble]:
    for counter in floor.counters:
        if counter.doing not in {Doing.FREE, Doing.QUIET} or floor.phase == Phase.BREAK:
            continue
        waited_for = [line for line in floor.lines if counter in line.counters and line.waiting]
        first = min((line.longest_since or floor.now for line in waited_for), default=floor.now)
        since = max(first, counter.last_act or first)
        idle = minutes_since(since, floor.now)
        if idle < IDLE:
            continue
        yield Trouble(
            Kind.IDLE,
            _("%(counter)s tidak memanggil selama %(minutes)s")
            % {"counter": counter.name, "minutes": formats.minutes(idle)},
            _("%(officer)s bertugas, %(count)d orang menunggu di antreannya.")
            % {"officer": counter.officer, "count": sum(line.waiting for line in waited_for)},
            since=since,
            counter=counter,
        )


def _long_breaks(floor: FloorNow) -> Iterator[Trouble]:
    local = floor.now.astimezone(floor.floor.mall.zone).time()
    for counter in floor.counters:
        if counter.doing != Doing.BREAK or counter.minutes <= LONG_BREAK:
            continue
        begins, ends = counter.day.break_from, counter.day.break_until
        if floor.phase == Phase.BREAK or (begins and ends and begins <= local < ends):
            continue
        yield Trouble(
            Kind.LONG_BREAK,
            _("%(counter)s istirahat sejak %(time)s")
            % {
                "counter": counter.name,
                "time": formats.clock(counter.since, floor.floor.mall.zone),
            },
            _("%(officer)s, sudah %(minutes)s.")
            % {"officer": counter.officer, "minutes": formats.minutes(counter.minutes)},
            since=counter.since,
            counter=counter,
        )


def _quotas(floor: FloorNow) -> Iterator[Trouble]:
    for line in floor.lines:
        if not line.is_near_quota:
            continue
        used = {"used": line.admitted, "quota": line.queue.daily_quota}
        is_full = line.admitted >= (line.queue.daily_quota or 0)
        words = (
            _("Kuota antrean %(letter)s sudah habis")
            if is_full
            else _("Kuota antrean %(letter)s hampir habis")
        )
        yield Trouble(
            Kind.NEAR_QUOTA,
            words % {"letter": line.queue.letter},
            _("%(used)d dari %(quota)d nomor hari ini sudah diambil.") % used,
            line=line,
        )


def _over_standard(floor: FloorNow) -> Iterator[Trouble]:
    for counter in floor.counters:
        ticket = counter.ticket
        if ticket is None or counter.doing != Doing.SERVING:
            continue
        if counter.served_minutes <= OVER_STANDARD * ticket.service.minutes:
            continue
        yield Trouble(
            Kind.OVER_STANDARD,
            _("%(counter)s melayani %(number)s selama %(minutes)s")
            % {
                "counter": counter.name,
                "number": ticket,
                "minutes": formats.minutes(counter.served_minutes),
            },
            _("%(service)s, standarnya %(minutes)s.")
            % {
                "service": ticket.service.title,
                "minutes": formats.minutes(ticket.service.minutes),
            },
            since=ticket.serving_at,
            counter=counter,
        )


def _devices(floor: FloorNow) -> Iterator[Trouble]:
    zone = floor.floor.mall.zone
    for each in floor.devices:
        if each.is_silent:
            last = formats.clock(each.device.seen_at, zone)
            yield Trouble(
                Kind.SILENT_DEVICE,
                _("%(name)s tidak ada kabar sejak %(time)s")
                % {"name": each.device.name, "time": last},
                _("%(kind)s. Periksa listrik, jaringan, dan perambannya.")
                % {"kind": each.device.get_kind_display()},
                since=each.device.seen_at,
                device=each,
            )
        elif each.is_old:
            yield Trouble(
                Kind.OLD_PICTURE,
                _("%(name)s menampilkan gambar lama") % {"name": each.device.name},
                _("Perangkatnya hidup, tetapi tertinggal %(count)d langkah.")
                % {"count": each.behind},
                device=each,
            )


def _helper(floor: FloorNow, line: LineNow) -> CounterNow | None:
    """The open counter of the same agency with the fewest people of its own waiting."""
    able = [
        counter
        for counter in floor.counters
        if counter.is_open
        and counter.day.presence_id == line.queue.presence_id
        and counter not in line.counters
    ]
    crowd = {
        counter.pk: sum(each.waiting for each in floor.lines if counter in each.counters)
        for counter in able
    }
    return min(able, key=lambda counter: crowd[counter.pk], default=None)


def _longest(line: LineNow) -> str:
    return _("%(name)s, paling lama %(minutes)s.") % {
        "name": line.queue.name,
        "minutes": formats.minutes(line.longest),
    }


CHECKS: tuple[Callable[[FloorNow], Iterator[Trouble]], ...] = (
    *(_alarms, _requests, _no_counter, _devices, _nobody_there),
    *(_long_waits, _idle, _long_breaks, _quotas, _over_standard),
)
