"""How the fairness of a call and the state of a ticket are said to the person they concern."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from queueing.models import Ticket, TicketEvent
from queueing.states import MAX_RETURNS, PRINT_WITHIN, RETURN_BEHIND, Reason, Rule, State


def fairness(event: TicketEvent, ticket: Ticket | None = None) -> str:
    """Why this number was called now, and how many who came earlier were passed over.

    With the ticket of a reservation it begins with what that counts for.
    """
    why = _why(event)
    reserved = booked(ticket) if ticket else ""
    return f"{reserved} {why}" if reserved else why


def _why(event: TicketEvent) -> str:
    if event.rule == Rule.OUT_OF_ORDER:
        reason = Reason(event.reason).label if event.reason else "-"
        return _("Dipanggil di luar urutan. Alasan: %(reason)s. %(passed)s") % {
            "reason": reason,
            "passed": _passed(event.passed or 0),
        }
    if event.rule == Rule.PRIORITY_TURN:
        return _(
            "Dipanggil karena giliran jalur prioritas: %(ratio)d prioritas, lalu satu reguler."
            " %(passed)s"
        ) % {"ratio": event.ratio or 0, "passed": _passed(event.passed or 0)}
    if event.rule == Rule.REGULAR_TURN:
        return _("Dipanggil karena giliran jalur reguler. %(passed)s") % {
            "passed": _passed(event.passed or 0)
        }
    if event.rule == Rule.COUNTER_ORDER:
        return _("Dipanggil menurut urutan antrean loket ini. %(passed)s") % {
            "passed": _passed(event.passed or 0)
        }
    return _("Dipanggil sesuai urutan kedatangan; tidak ada yang dilewati.")


def _passed(count: int) -> str:
    if not count:
        return _("Tidak ada yang dilewati.")
    return ngettext(
        "%(count)d orang yang datang lebih awal dilewati.",
        "%(count)d orang yang datang lebih awal dilewati.",
        count,
    ) % {"count": count}


def overtaken(count: int) -> str:
    """What a waiting person is told about those who came later and were called before them."""
    if not count:
        return _("Tidak ada yang datang setelah Anda dan dipanggil lebih dahulu.")
    return ngettext(
        "%(count)d orang yang datang setelah Anda dipanggil lebih dahulu karena giliran prioritas"
        " atau alasan yang dicatat.",
        "%(count)d orang yang datang setelah Anda dipanggil lebih dahulu karena giliran prioritas"
        " atau alasan yang dicatat.",
        count,
    ) % {"count": count}


def counters(numbers: Sequence[str], *, either: bool = False) -> str:
    """Name counters: "loket 11, 12, dan 13", or "atau" where it will be one of them."""
    if len(numbers) < 2:
        return _("loket %(number)s") % {"number": numbers[0]} if numbers else ""
    last = _("atau") if either else _("dan")
    comma = "," if len(numbers) > 2 else ""
    return _("loket %(numbers)s") % {
        "numbers": f"{', '.join(numbers[:-1])}{comma} {last} {numbers[-1]}"
    }


def ahead(count: int) -> str:
    """The place in line, said by the people in front."""
    if not count:
        return _("Anda berikutnya")
    return ngettext("%(count)d orang di depan Anda", "%(count)d orang di depan Anda", count) % {
        "count": count
    }


class Told(NamedTuple):
    """What a ticket that neither waits nor is called says: a heading and what to do now."""

    title: str
    text: str


def told(ticket: Ticket, state: State) -> Told:
    """What a state means for the person; `state` is what the ticket counts as today."""
    return _TOLD[state](ticket)


def _printing(ticket: Ticket) -> Told:
    return Told(
        _("Pegang dahulu nomor ini"),
        _(
            "Nomor ini mulai berlaku setelah dipastikan ada di tangan Anda, paling lambat pukul"
            " %(time)s. Sesudah itu nomor ini ditarik."
        )
        % {"time": formats.clock(ticket.issued_at + PRINT_WITHIN, ticket.day.mall.zone)},
    )


def _withdrawn(ticket: Ticket) -> Told:
    return Told(
        _("Nomor ini sudah ditarik"),
        _(
            "Sampai pukul %(time)s nomor ini tidak dipastikan ada di tangan Anda, jadi nomor ini"
            " tidak akan dipanggil. Silakan ambil nomor baru di mesin antrean."
        )
        % {"time": formats.clock(ticket.ended_at, ticket.day.mall.zone)},
    )


def _serving(ticket: Ticket) -> Told:
    return Told(
        _("Anda sedang dilayani di loket %(counter)s") % {"counter": _counter(ticket)},
        _("Sejak pukul %(time)s. Bila Anda dialihkan, nomor yang baru muncul di halaman ini.")
        % {"time": formats.clock(ticket.serving_at, ticket.day.mall.zone)},
    )


def _hold(ticket: Ticket) -> Told:
    return Told(
        _("Layanan Anda ditunda sebentar"),
        _(
            "Lengkapi yang diminta petugas, lalu lapor ke loket %(counter)s. Anda dipanggil lagi"
            " tanpa mengantre dari awal."
        )
        % {"counter": _counter(ticket)},
    )


def _skipped(ticket: Ticket) -> Told:
    title = _("Nomor Anda sudah dipanggil ke loket %(counter)s") % {"counter": _counter(ticket)}
    called = _("Dipanggil pukul %(time)s, tetapi Anda belum datang.") % {
        "time": formats.clock(ticket.announced_at, ticket.day.mall.zone)
    }
    if may_return(ticket):
        way = ngettext(
            "Anda boleh kembali mengantre satu kali, di belakang paling banyak %(count)d orang di"
            " jalur Anda.",
            "Anda boleh kembali mengantre satu kali, di belakang paling banyak %(count)d orang di"
            " jalur Anda.",
            RETURN_BEHIND,
        ) % {"count": RETURN_BEHIND}
    else:
        way = _("Nomor ini sudah pernah kembali. Silakan ambil nomor baru di mesin antrean.")
    return Told(title, f"{called} {way}")


def may_return(ticket: Ticket) -> bool:
    """Whether somebody who was skipped may still come back."""
    return ticket.state == State.NO_SHOW and ticket.returns < MAX_RETURNS


def _done(ticket: Ticket) -> Told:
    return Told(
        _("Selesai, terima kasih"),
        _("Selesai pukul %(time)s. Anda menunggu %(waited)s dan dilayani %(served)s.")
        % {
            "time": formats.clock(ticket.ended_at, ticket.day.mall.zone),
            "waited": formats.minutes(round(ticket.wait_seconds / 60)),
            "served": formats.minutes(round(ticket.service_seconds / 60)),
        },
    )


def _cancelled(ticket: Ticket) -> Told:
    return Told(
        _("Antrean ini dibatalkan"),
        _(
            "Dibatalkan pukul %(time)s. Bila masih memerlukan layanan ini, silakan ambil nomor"
            " baru di mesin antrean."
        )
        % {"time": formats.clock(ticket.ended_at, ticket.day.mall.zone)},
    )


def _transferred(ticket: Ticket) -> Told:
    return Told(
        _("Anda dialihkan ke antrean lain"),
        _(
            "Muat ulang halaman ini untuk melihat nomor yang baru."
            " Waktu tunggu Anda tetap dihitung."
        ),
    )


def _expired(ticket: Ticket) -> Told:
    return Told(
        _("Nomor ini sudah tidak berlaku"),
        _("Nomor ini hanya untuk %(day)s. Silakan ambil nomor baru di mesin antrean.")
        % {"day": formats.long_date(ticket.day.date)},
    )


def _counter(ticket: Ticket) -> str:
    return ticket.counter.number if ticket.counter else "-"


_TOLD = {
    State.PRINTING: _printing,
    State.WITHDRAWN: _withdrawn,
    State.SERVING: _serving,
    State.HOLD: _hold,
    State.NO_SHOW: _skipped,
    State.DONE: _done,
    State.CANCELLED: _cancelled,
    State.TRANSFERRED: _transferred,
    State.EXPIRED: _expired,
}


def moved(ticket: Ticket) -> str:
    """For a ticket that somebody was transferred to: from where, and that the wait counts."""
    if ticket.came_from is None:
        return ""
    return _(
        "Dialihkan dari nomor %(number)s. Waktu tunggu Anda sebelumnya ikut dihitung untuk urutan"
        " ini."
    ) % {"number": ticket.came_from}


def booked(ticket: Ticket) -> str:
    """For somebody with a reservation: since when their place counts, and why."""
    if ticket.booked_for is None:
        return ""
    zone = ticket.day.mall.zone
    reserved = formats.clock(ticket.booked_for, zone)
    if ticket.since == ticket.booked_for:
        return _("Anda memesan pukul %(time)s; tempat Anda dihitung sejak waktu itu.") % {
            "time": reserved
        }
    if ticket.since == ticket.issued_at:
        return _(
            "Anda memesan pukul %(time)s dan datang pukul %(came)s, maka tempat Anda dihitung sejak"
            " Anda datang."
        ) % {"time": reserved, "came": formats.clock(ticket.issued_at, zone)}
    return ""  # skipped and come back: the place is another one by now
