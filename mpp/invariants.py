"""Everything that must always hold, whichever app it belongs to; the nightly proof of the house."""

from appointments.invariants import INVARIANTS as RESERVATIONS
from queueing.invariants import INVARIANTS as QUEUES

ALL = (*QUEUES, *RESERVATIONS)
