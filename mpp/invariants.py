"""Everything that must always hold, whichever app it belongs to; the nightly proof of the house."""

from appointments.invariants import INVARIANTS as RESERVATIONS
from feedback.invariants import INVARIANTS as OPINIONS
from notifications.invariants import INVARIANTS as MESSAGES
from queueing.invariants import INVARIANTS as QUEUES

ALL = (*QUEUES, *RESERVATIONS, *OPINIONS, *MESSAGES)
