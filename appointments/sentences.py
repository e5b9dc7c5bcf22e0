"""How a reservation is said to the person it concerns."""

from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments import arrivals, disruption, plans
from appointments.models import Booking
from appointments.states import MISSES, PAUSE, WITHIN, Move, State
from core import formats
from queueing import states


class Told(NamedTuple):
    """What a reservation without a promised place says: a heading, and what to do next."""

    title: str
    text: str


def held(booking: Booking, *, now: datetime) -> str:
    """Until when a place is kept: "sampai 09.10 WIB, 10 menit lagi"."""
    minutes = ceil((booking.held_until - now) / timedelta(minutes=1))
    return _("Tempat ini ditahan untuk Anda sampai pukul %(time)s, %(left)s lagi.") % {
        "time": formats.clock(booking.held_until, booking.service.presence.mall.zone),
        "left": formats.minutes(minutes),
    }


def arrival(booking: Booking) -> str:
    """The one rule of coming, with the minutes of the mall."""
    mall, slot = booking.service.presence.mall, booking.slot
    _early, late = plans.grace(mall.pk)
    return _(
        "Datanglah mulai pukul %(early)s. Sampai pukul %(late)s Anda menempati urutan pukul"
        " %(start)s; sesudah itu urutan Anda menurut saat Anda datang, dan setelah pukul %(end)s"
        " reservasi ini lewat."
    ) % {
        "early": formats.clock_short(arrivals.earliest(booking), mall.zone),
        "late": formats.clock_short(slot.starts_at + late, mall.zone),
        "start": formats.clock_short(slot.starts_at, mall.zone),
        "end": formats.clock(arrivals.latest(booking), mall.zone),
    }


def told(booking: Booking, state: State) -> Told:
    """What became of a reservation without a promised place; `state` is what it counts as now."""
    return {
        State.RELEASED: _released,
        State.CANCELLED: _cancelled,
        State.NO_SHOW: _missed,
        State.ARRIVED: _arrived,
        State.CALLED_OFF: _called_off,
    }[state](booking)


def state_now(booking: Booking, *, now: datetime) -> State:
    """What it counts as: a time that is over is over before anybody has written it down."""
    if booking.state == State.HELD and now >= booking.held_until:
        return State.RELEASED
    if booking.state == State.CONFIRMED:
        is_over = now > arrivals.latest(booking)
        return State.NO_SHOW if is_over else State.CONFIRMED
    return State(booking.state)


def _released(booking: Booking) -> Told:
    return Told(
        _("Tempat Ini Sudah Dilepas"),
        _(
            "Sepuluh menit telah lewat sebelum data diisi, sehingga tempat ini ditawarkan lagi"
            " kepada orang lain. Anda dapat memilih waktu lagi sekarang."
        ),
    )


def _cancelled(booking: Booking) -> Told:
    event = booking.events.latest("pk")
    zone = booking.service.presence.mall.zone
    when = {"day": formats.long_date(event.at, zone), "time": formats.clock(event.at, zone)}
    if event.move == Move.CANCEL_BY_OFFICE:
        return Told(
            _("Kantor Membatalkan Reservasi Ini"),
            _(
                "Dibatalkan %(day)s pukul %(time)s. Alasan: %(reason)s. Kami mohon maaf. Ini tidak"
                " dihitung sebagai tidak datang. Silakan pilih waktu lain."
            )
            % {**when, "reason": event.reason.rstrip(".")},
        )
    return Told(
        _("Reservasi Ini Dibatalkan"),
        _(
            "Anda membatalkannya %(day)s pukul %(time)s. Tempatnya ditawarkan kepada yang menunggu,"
            " atau dibuka lagi pada saat acak. Anda dapat memesan waktu lain kapan saja."
        )
        % when,
    )


def _called_off(booking: Booking) -> Told:
    return Told(
        _("Kantor Berhalangan"),
        _(
            "Waktu yang sudah Anda pesan tidak dapat dipenuhi. Alasan: %(reason)s. Kami mohon maaf."
            " Pilih waktu pengganti, reservasi Anda tetap berlaku."
        )
        % {"reason": disruption.reason_of(booking).rstrip(".")},
    )


def _missed(booking: Booking) -> Told:
    mall = booking.service.presence.mall
    last = arrivals.latest(booking)
    what = _("Anda tidak tercatat datang sampai %(day)s pukul %(time)s.") % {
        "day": formats.long_date(last, mall.zone),
        "time": formats.clock(last, mall.zone),
    }
    next_ = _("Anda tetap dapat mengambil nomor biasa di mesin antrean atau memesan waktu lain.")
    rule = ngettext(
        "%(misses)d kali tidak datang dalam %(within)d hari menjeda reservasi daring selama"
        " %(pause)d hari.",
        "%(misses)d kali tidak datang dalam %(within)d hari menjeda reservasi daring selama"
        " %(pause)d hari.",
        MISSES,
    ) % {"misses": MISSES, "within": WITHIN.days, "pause": PAUSE.days}
    return Told(_("Waktu Reservasi Ini Sudah Lewat"), f"{what} {next_} {rule}")


def _arrived(booking: Booking) -> Told:
    if booking.ticket is not None and booking.ticket.state == states.State.WITHDRAWN:
        return Told(
            _("Nomor Anda Tidak Tercetak"),
            _(
                "Nomor itu sudah ditarik. Pakai kode reservasi ini sekali lagi di mesin antrean;"
                " Anda tidak mengulang dari belakang."
            ),
        )
    return Told(
        _("Anda Sudah Datang"),
        _("Nomor antrean Anda sudah diberikan. Lihat giliran Anda di halaman nomor antrean."),
    )
