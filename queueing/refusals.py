"""Every way a rule of the queue says no, as the state of the world."""

from core.errors import Refused


class NotOpen(Refused):
    code = "not_open"


class AgencyAbsent(Refused):
    code = "agency_absent"


class CountersClosed(Refused):
    code = "counters_closed"


class CounterClosed(Refused):
    code = "counter_closed"


class QuotaUsedUp(Refused):
    code = "quota_used_up"


class NotOffered(Refused):
    code = "not_offered"


class NotAtDesk(Refused):
    code = "not_at_desk"


class DeskTaken(Refused):
    code = "desk_taken"


class OnBreak(Refused):
    code = "on_break"


class CounterBusy(Refused):
    code = "counter_busy"


class WrongState(Refused):
    """The ticket is no longer in a state this move starts from; somebody was faster."""

    code = "wrong_state"


class RecalledEnough(Refused):
    code = "recalled_enough"


class TooLate(Refused):
    code = "too_late"


class ReturnedAlready(Refused):
    code = "returned_already"


class ReasonMissing(Refused):
    code = "reason_missing"
    status = 422


class SameQueue(Refused):
    code = "same_queue"


class NotRequired(Refused):
    code = "not_required"


class TextMissing(Refused):
    code = "text_missing"
    status = 422


class TextTooLong(Refused):
    code = "text_too_long"
    status = 422


class PersonalData(Refused):
    """What a person can be found by has no place in a note."""

    code = "personal_data"
    status = 422


class NotEnrolled(Refused):
    """The mall has enrolled its kiosks, and this screen is none of them."""

    code = "not_enrolled"
