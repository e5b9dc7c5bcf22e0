"""The only place that reads the clock. Everything below a view, task or command gets `now`."""

from datetime import datetime, timedelta

from django.utils import timezone

# In the demonstration the hall keeps its own time, so that it is open whenever one looks.
_shift = timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now() + _shift


def jump_to(moment: datetime) -> None:
    """Let the demonstration's time go on from that moment; time never runs backwards."""
    global _shift  # one clock per process is the point
    _shift = max(_shift, moment - timezone.now())


def shift() -> timedelta:
    """How far the demonstration's time is from the real one; zero outside it."""
    return _shift
