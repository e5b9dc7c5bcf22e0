"""How the life of a mall is said to whoever watches over it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import opening
from agencies.opening import Phase
from core import formats
from monitoring.agency_health import AgencyPulse
from monitoring.pulse import Counters, Devices, Pulse, Sums, Trouble

ONE_DAY = timedelta(days=1)
ICONS = {
    Trouble.UNOPENED: "door-closed",
    Trouble.SILENT: "wifi-off",
    Trouble.UNATTENDED: "users",
}


class Said(NamedTuple):
    """What is wrong with a mall, in words."""

    slug: str
    name: str
    icon: str
    is_grave: bool
    title: str
    text: str


class Row(NamedTuple):
    """A mall in a list, as it is written there."""

    slug: str
    name: str
    region: str
    tone: str
    icon: str
    state: str
    hours: str
    opened: str
    kept: str
    promised: str
    heard: str
    ago: str
    counters: Counters
    waiting: int
    devices: Devices

    @property
    def busy(self) -> int:
        """The counters at which somebody is called or served."""
        return self.counters.calling + self.counters.serving


def row(pulse: Pulse) -> Row:
    """A mall as a row of the list says it."""
    mall, last = pulse.mall, pulse.signs.last
    return Row(
        mall.slug,
        mall.short_name,
        mall.region.name,
        *state(pulse),
        hours(pulse),
        opened(pulse),
        lasted(pulse.kept) if pulse.promised else "",
        lasted(pulse.promised),
        heard(last, pulse),
        lasted(pulse.now - last) if last else "",
        pulse.counters,
        pulse.waiting,
        pulse.devices,
    )


def finding(sums: Sums) -> str:
    """The headline of many malls: what matters first."""
    if not sums.due:
        return _("Semua mal sedang tutup")
    if not sums.troubled:
        return ngettext(
            "%(count)d mal buka dan berjalan", "%(count)d mal buka dan berjalan", sums.due
        ) % {"count": sums.due}
    return ngettext(
        "%(count)d dari %(due)d mal yang seharusnya buka perlu dihubungi",
        "%(count)d dari %(due)d mal yang seharusnya buka perlu dihubungi",
        sums.troubled,
    ) % {"count": sums.troubled, "due": sums.due}


def trouble(pulse: Pulse) -> Said | None:
    """What is wrong with a mall; None where nothing is."""
    kind = pulse.trouble
    if kind is None:
        return None
    words = {"mall": pulse.mall.short_name, "count": pulse.waiting}
    if kind == Trouble.UNOPENED:
        words["time"] = formats.clock(pulse.since, pulse.mall.zone)
        title = _("%(mall)s belum dibuka sejak pukul %(time)s") % words
    elif kind == Trouble.SILENT:
        words["time"] = heard(pulse.since, pulse)
        title = _("%(mall)s tidak memberi kabar sejak %(time)s") % words
    else:
        title = ngettext(
            "%(count)d orang menunggu di %(mall)s, tidak ada loket yang buka",
            "%(count)d orang menunggu di %(mall)s, tidak ada loket yang buka",
            pulse.waiting,
        )
        title %= words
    is_grave = kind != Trouble.UNATTENDED
    mall = pulse.mall
    return Said(mall.slug, mall.short_name, ICONS[kind], is_grave, title, _text(pulse, kind))


def _text(pulse: Pulse, kind: Trouble) -> str:
    """What is known besides, so that whoever calls there knows what to ask."""
    known = {
        Trouble.UNOPENED: _("Sudah %(time)s, belum ada petugas di loket maupun panggilan."),
        Trouble.SILENT: _("Sudah %(time)s tanpa panggilan, petugas, atau perangkat."),
        Trouble.UNATTENDED: _("Petugas belum duduk, sedang istirahat, atau loketnya ditutup."),
    }
    parts = [known[kind] % {"time": lasted(pulse.now - pulse.since)}]
    if pulse.waiting and kind != Trouble.UNATTENDED:
        parts.append(
            ngettext("%(count)d orang menunggu.", "%(count)d orang menunggu.", pulse.waiting)
            % {"count": pulse.waiting}
        )
    if pulse.devices.silent:
        parts.append(_("%(silent)d dari %(all)d perangkat diam.") % pulse.devices._asdict())
    return " ".join(parts)


def state(pulse: Pulse) -> tuple[str, str, str]:
    """What a mall does now, as a tag: its tone, icon and words."""
    kind = pulse.trouble
    if kind is not None:
        tone = "warn" if kind == Trouble.UNATTENDED else "neg"
        return tone, ICONS[kind], str(kind.label)
    phase, day = pulse.status.phase, pulse.status.day
    if phase in {Phase.OPEN, Phase.BREAK} and not pulse.uses_queue:
        return "", "circle-dashed", _("Belum memakai antrean")
    if phase == Phase.OPEN and not pulse.counters.promised:
        return "", "calendar-x", _("Tanpa instansi hari ini")
    words = {
        Phase.OPEN: ("pos", "circle-check", _("Buka")),
        Phase.BREAK: ("info", "coffee", _("Istirahat")),
        Phase.BEFORE: ("", "clock", _("Belum jam buka")),
        Phase.AFTER: ("", "door-closed", _("Sudah tutup")),
        Phase.CLOSED: ("", "calendar-x", day.reason or _("Libur")),
    }
    return words[phase]


def agency_state(agency: AgencyPulse) -> tuple[str, str, str]:
    """What an agency does now, as a tag."""
    kind = agency.trouble
    if kind is not None:
        tone = "warn" if kind == Trouble.UNATTENDED else "neg"
        return tone, ICONS[kind], str(kind.label)
    if agency.is_due and agency.floor.open_counters:
        return "pos", "circle-check", _("Melayani")
    if agency.phase == Phase.BREAK:
        return "info", "coffee", _("Istirahat")
    if agency.is_over:
        return "", "door-closed", _("Sudah tutup")
    if agency.is_due:
        return "", "circle-dashed", _("Belum dijaga") if agency.kept is None else _("Tidak dijaga")
    return "", "clock", _("Belum jam buka")


def opened(pulse: Pulse) -> str:
    """When a mall was really opened against its hours: "08.12, 12 menit sesudah jam buka"."""
    zone, first = pulse.mall.zone, pulse.signs.opened
    if first is None:
        return ""
    said = formats.clock_short(first, zone)
    if pulse.late is None:
        return said
    words = _("%(time)s, %(late)s sesudah jam buka")
    return words % {"time": said, "late": lasted(pulse.late)}


def hours(pulse: Pulse) -> str:
    """The hours of today."""
    span = pulse.span
    return formats.clock_range(span.opens, span.closes, pulse.mall.zone) if span else ""


def heard(moment: datetime | None, pulse: Pulse) -> str:
    """When a mall was heard: the time of today, or the day."""
    zone = pulse.mall.zone
    if moment is None:
        return ""
    if opening.local_date(moment, zone) == pulse.status.today:
        return formats.clock(moment, zone)
    return formats.long_date(moment, zone)


def lasted(span: timedelta) -> str:
    """A time that passed: "47 menit", "3 jam 5 menit", "2 hari"."""
    if span >= 2 * ONE_DAY:
        return ngettext("%(count)d hari", "%(count)d hari", span.days) % {"count": span.days}
    hours_, minutes = divmod(max(int(span.total_seconds()) // 60, 0), 60)
    if not hours_:
        return formats.minutes(minutes)
    said = ngettext("%(count)d jam", "%(count)d jam", hours_) % {"count": hours_}
    return f"{said} {formats.minutes(minutes)}" if minutes else said
