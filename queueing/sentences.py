"""How the fairness of a call is said to the person it concerns."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from queueing.models import TicketEvent
from queueing.states import Reason, Rule


def fairness(event: TicketEvent, *, ratio: int) -> str:
    """Why this number was called now, and how many who came earlier were passed over."""
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
        ) % {"ratio": ratio, "passed": _passed(event.passed or 0)}
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
