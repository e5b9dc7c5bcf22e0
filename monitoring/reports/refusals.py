"""Why a report is not made, sent or judged."""

from django.utils.translation import gettext as _

from core.errors import Refused
from monitoring.periods import Period
from monitoring.states import State


class WrongState(Refused):
    """The table has no such move from where the report is."""

    code = "wrong_state"


class NotOverYet(Refused):
    code = "not_over_yet"


class NothingCounted(Refused):
    code = "nothing_counted"


class StillCounting(Refused):
    code = "still_counting"


class ReportInHand(Refused):
    """Of one period one version is worked on at a time."""

    code = "report_in_hand"


def wrong_state(state: State) -> WrongState:
    return WrongState(
        _("Laporan ini sekarang berstatus “%(state)s”. Muat ulang halamannya.")
        % {"state": state.label}
    )


def in_hand() -> ReportInHand:
    return ReportInHand(_("Versi berikutnya sudah dimulai. Buka daftar laporan untuk melihatnya."))


def not_over_yet(period: Period) -> NotOverYet:
    return NotOverYet(
        _("%(period)s belum selesai. Laporannya dapat disusun sesudah hari terakhirnya ditutup.")
        % {"period": period}
    )


def nothing_counted(period: Period) -> NothingCounted:
    return NothingCounted(
        _("Tidak ada hari yang dihitung dalam %(period)s. Pilih masa yang lain.")
        % {"period": period}
    )


def still_counting(period: Period) -> StillCounting:
    return StillCounting(
        _(
            "Masih ada hari dalam %(period)s yang belum ditutup atau sedang dihitung."
            " Coba lagi nanti."
        )
        % {"period": period}
    )
