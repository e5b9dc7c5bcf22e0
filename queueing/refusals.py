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
