"""What takes minutes in a mall takes seconds in a test, in the right proportions."""

from datetime import timedelta

from mpp.celery import app
from notifications import delivery, providers, states, tasks
from notifications.channels import reach

SWEEP = 0.5


def hurry(*, sweep: float = SWEEP) -> None:
    """A provider's answer stays shorter than a lease, and beat does nothing but sweep."""
    reach.WITHIN, delivery.LEASE = 2.0, timedelta(seconds=4)
    tasks.SWEEP, tasks.AT_MOST = sweep, 3.0
    providers.PAUSE = timedelta(seconds=1)
    delivery.QUICK = delivery.PATIENT = (0.2,) * len(states.QUICK)
    app.conf.beat_schedule = {
        "sweep": {
            "task": tasks.sweep.name,
            "schedule": sweep,
            "options": {"queue": "codes", "expires": 5 * sweep},
        }
    }
