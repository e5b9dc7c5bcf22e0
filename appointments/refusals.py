"""Why a reservation says no."""

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
