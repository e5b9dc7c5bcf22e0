"""Everything that must always hold, whichever app it belongs to; the nightly proof of the house."""

from appointments.invariants import INVARIANTS as RESERVATIONS
from feedback.invariants import INVARIANTS as OPINIONS
from monitoring.invariants import INVARIANTS as FIGURES
from notifications.invariants import INVARIANTS as MESSAGES
from onboarding.invariants import INVARIANTS as PROMISES
from queueing.invariants import INVARIANTS as QUEUES
from services.invariants import INVARIANTS as STANDARDS

ALL = (*QUEUES, *RESERVATIONS, *OPINIONS, *MESSAGES, *PROMISES, *STANDARDS, *FIGURES)
