"""The columns of the open files: their names stay in a version, their meaning is said here."""

from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.definitions import BY_KEY

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIGURES_OF_VISITS = (
    *("visits", "issued", "served"),
    *("wait_median", "wait_p90", "within_share"),
)
FIGURES_OF_HOURS = ("issued", "wait_median", "wait_p90")


class Type(StrEnum):
    """What stands in a column, in CSV and JSON alike; it may be empty."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"


class Column(NamedTuple):
    """A column by its name, which never changes."""

    name: str
    type: Type
    meaning: str | Promise


def _text(name: str, meaning: str | Promise) -> Column:
    return Column(name, Type.TEXT, meaning)


def _figure(key: str) -> Column:
    """A figure of the definitions, in the unit they name."""
    is_count = key in {"visits", "issued", "served"}
    return Column(key, Type.INTEGER if is_count else Type.NUMBER, BY_KEY[key].meaning)


_MALL = _text("mall", _("Kode mal; tetap, dan sama dengan yang ada di alamatnya."))
_HIDDEN = Column(
    "is_hidden",
    Type.BOOLEAN,
    _("Ada isi yang dikosongkan karena menyangkut kurang dari lima orang, atau membocorkannya."),
)

MALLS = (
    _MALL,
    _text("name", _("Nama mal.")),
    _text("kind", _("mpp: mal pelayanan publik, gpp: gerai.")),
    _text("region_code", _("Kode wilayah Kemendagri, seperti 32.16.")),
    _text("region", _("Kabupaten atau kota.")),
    _text("province", _("Provinsi.")),
    _text("zone", _("Zona waktu menurut IANA, seperti Asia/Jakarta.")),
    _text(
        "stage",
        _("Tahap mal: soft_launch, inaugurated, coached, atau suspended (dihentikan sementara)."),
    ),
    *(
        _text(
            day,
            _("Jam biasa pada hari itu, seperti 08:00-12:00 13:00-15:00; kosong berarti tutup."),
        )
        for day in DAYS
    ),
    _text("licence", _("Lisensi data mal ini.")),
)
VISITS = (
    _MALL,
    _text("month", _("Bulan yang sudah lewat, seperti 2026-02.")),
    _text("agency", _("Kode instansi.")),
    _text("agency_name", _("Nama instansi.")),
    _text("service", _("Kode layanan, tunggal di instansinya.")),
    _text("service_name", _("Nama layanan.")),
    _text(
        "channel",
        _(
            "Cara memperoleh nomor: kiosk (mesin antrean), booked (reservasi), officer (diberi"
            " petugas), phone (ponsel tanpa kertas), transfer (dialihkan dari antrean lain)."
        ),
    ),
    *map(_figure, FIGURES_OF_VISITS),
    _HIDDEN,
)
HOURS = (
    _MALL,
    Column("weekday", Type.INTEGER, _("Hari: 1 Senin sampai 7 Minggu.")),
    Column("hour", Type.INTEGER, _("Jam mengambil nomor, 0 sampai 23, menurut jam setempat.")),
    _text("first_month", _("Bulan pertama yang dihitung.")),
    _text("last_month", _("Bulan terakhir yang dihitung; paling banyak dua belas bulan.")),
    *map(_figure, FIGURES_OF_HOURS),
    _HIDDEN,
)
NOW = (
    _MALL,
    Column("is_open", Type.BOOLEAN, _("Apakah mal membagikan nomor sekarang.")),
    _text("phase", _("before, open, break, after, atau closed, menurut jam setempat.")),
    Column("waiting", Type.INTEGER, _("Orang yang menunggu di semua antreannya.")),
    _text("queues", _("Antrean mal ini, masing-masing dengan kolom di bawah.")),
    _text("queues.letter", _("Huruf antrean.")),
    _text("queues.name", _("Nama antrean.")),
    _text("queues.agency", _("Kode instansi.")),
    Column("queues.waiting", Type.INTEGER, _("Orang yang menunggu.")),
    Column("queues.counters_open", Type.INTEGER, _("Loket yang melayaninya sekarang.")),
    Column(
        "queues.wait_low",
        Type.INTEGER,
        _("Perkiraan menit bagi yang datang sekarang, batas bawah; kosong bila tidak diketahui."),
    ),
    Column("queues.wait_high", Type.INTEGER, _("Batas atasnya: delapan dari sepuluh di antara.")),
)
