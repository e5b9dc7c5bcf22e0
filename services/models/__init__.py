"""The public services offered, their published standard, and the queues people stand in."""

from services.models.offered import LONG, Fee, Scope, Service, ServiceQuerySet, Variant
from services.models.pledges import Pledge
from services.models.queues import CounterQueue, Queue
from services.models.standards import Standard

__all__ = [
    "LONG",
    "CounterQueue",
    "Fee",
    "Pledge",
    "Queue",
    "Scope",
    "Service",
    "ServiceQuerySet",
    "Standard",
    "Variant",
]
