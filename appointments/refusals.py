"""Why a reservation says no."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refused


class NotBookable(Refused):
    code = "not_bookable"


class SlotGone(Refused):
    code = "slot_gone"


class SlotFull(Refused):
    code = "slot_full"


class NotReleased(Refused):
    code = "not_released"


class HoldOver(Refused):
    code = "hold_over"


class WrongState(Refused):
    code = "wrong_state"


class AlreadyBooked(Refused):
    code = "already_booked"


class TooMany(Refused):
    code = "too_many"


class Paused(Refused):
    code = "paused"


class CodeNeeded(Refused):
    code = "code_needed"


PERSONAL = (AlreadyBooked, TooMany, Paused)  # these say something of the person's other bookings


class LinkOver(Refused):
    code = "link_over"
    status = 410
    title = _("Reservasi Ini Sudah Berakhir")
    leads_back = False  # the page it came from is closed as well


class TooEarly(Refused):
    code = "too_early"


class TooLate(Refused):
    code = "too_late"


class CodeUnknown(Refused):
    code = "code_unknown"


class HallCodeWrong(Refused):
    code = "hall_code_wrong"


class ReasonMissing(Refused):
    code = "reason_missing"


class WrongSpan(Refused):
    code = "wrong_span"


class StillFree(Refused):
    code = "still_free"


class NotCollecting(Refused):
    code = "not_collecting"


class OfferOver(Refused):
    code = "offer_over"
