"""How an application is said to the person it concerns."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from appointments import waitlist
from appointments.application_states import OFFERS, Move, State
from appointments.models import Application
from core import formats


class Said(NamedTuple):
    """A heading, and what it means for the person."""

    title: str
    text: str


def said(row: Application) -> Said:
    """What became of an application so far."""
    return {
        State.APPLIED: _applied,
        State.WAITING: _waiting,
        State.OFFERED: _offered,
        State.PLACED: _placed,
        State.WITHDRAWN: _withdrawn,
        State.ENDED: _ended,
    }[State(row.state)](row)


def times(row: Application) -> list[str]:
    """The windows that suit, as somebody reads them."""
    zone = row.service.presence.mall.zone
    return [formats.clock_short(moment, zone) for moment in row.moments]


def _applied(row: Application) -> Said:
    zone = row.service.presence.mall.zone
    closes = row.draw.closes_at if row.draw else row.created_at
    return Said(
        _("Anda Ikut Undian"),
        _(
            "Nomor undian Anda %(number)d. Pendaftaran ditutup %(day)s pukul %(time)s, sesudah itu"
            " tempat diundi dan hasilnya tampil di halaman ini."
        )
        % {
            "number": row.number,
            "day": formats.long_date(closes, zone),
            "time": formats.clock(closes, zone),
        },
    )


def _waiting(row: Application) -> Said:
    place = {"place": waitlist.place_of(row), "most": OFFERS}
    how = _(
        "Anda nomor %(place)d dalam daftar tunggu. Tempat yang kembali ditawarkan menurut urutan,"
        " paling banyak %(most)d kali. Lihat halaman ini dari waktu ke waktu."
    )
    if row.rank is None:
        return Said(_("Anda di Daftar Tunggu"), how % place)
    lost = _(
        "Dalam undian Anda di urutan %(rank)d, dan tempatnya sudah habis sebelum giliran Anda."
    ) % {"rank": row.rank}
    if row.won is not None:
        lost = _("Jam yang Anda menangkan ditutup kantor sesudah diundi. Kami mohon maaf.")
    return Said(_("Belum Mendapat Tempat"), f"{lost} {how % place}")


def _offered(row: Application) -> Said:
    zone = row.service.presence.mall.zone
    until = row.booking.held_until if row.booking else row.created_at
    return Said(
        _("Ada Tempat untuk Anda"),
        _(
            "Tempat ini ditahan untuk Anda sampai %(day)s pukul %(time)s. Sesudah itu ditawarkan"
            " kepada orang berikutnya. Ini tawaran ke-%(count)d dari paling banyak %(most)d."
        )
        % {
            "day": formats.long_date(until, zone),
            "time": formats.clock(until, zone),
            "count": row.offers,
            "most": OFFERS,
        },
    )


def _placed(row: Application) -> Said:
    if row.rank is not None and not row.offers:
        text = _("Dalam undian Anda di urutan %(rank)d dan mendapat tempat.") % {"rank": row.rank}
    else:
        text = _("Tempat yang kembali menjadi milik Anda.")
    way = _("Kode, kalender, dan cara memindahkannya ada di halaman reservasi.")
    return Said(_("Anda Mendapat Tempat"), f"{text} {way}")


def _withdrawn(row: Application) -> Said:
    return Said(
        _("Permohonan Ini Ditarik"),
        _("Anda menariknya sendiri. Anda dapat memilih hari lain kapan saja."),
    )


def _ended(row: Application) -> Said:
    last = row.events.latest("pk")
    if last.move == Move.CALL_OFF:
        text = _("Kantor tidak dapat memberi tempat untuk hari itu. Alasan: %(reason)s")
        way = _("Kami mohon maaf. Anda dapat memilih hari lain.")
        return Said(_("Permohonan Dihentikan Kantor"), f"{text % {'reason': last.reason}} {way}")
    if row.offers >= OFFERS:
        text = _("Tiga tawaran tidak diambil, sehingga tempatnya ditawarkan kepada orang lain.")
    elif not row.still_wanted:
        text = _("Setiap jam yang cocok sudah ditawarkan dan tidak diambil.")
    elif last.origin == State.APPLIED and row.won is not None:
        text = _("Anda sudah memesan tempat lain, atau reservasi daring Anda sedang dijeda.")
    else:
        text = _("Tidak ada tempat lagi yang dapat ditawarkan untuk hari itu. Kami mohon maaf.")
    way = _("Anda tetap dapat datang langsung, atau memilih hari lain.")
    return Said(_("Permohonan Ini Sudah Selesai"), f"{text} {way}")
