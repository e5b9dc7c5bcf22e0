"""Telling the admins of a mall that it should be open and is silent.

Looked for every few minutes; each mall is told once a day, however often one looks.
"""

from datetime import datetime

from accounts.roles import Act
from agencies.access import public_malls
from core import formats
from monitoring import health
from monitoring.pulse import Pulse, Trouble
from notifications import watch
from notifications.models import Message

KIND = "mall_silent"
TOLD = {Trouble.UNOPENED, Trouble.SILENT}


def tell_of_silence(*, now: datetime) -> int:
    """Tell of every mall that is not opened or has fallen silent; through how many channels."""
    found = [
        each for each in health.of_malls(list(public_malls()), now=now) if each.trouble in TOLD
    ]
    events = {_event(each): each for each in found}
    known = Message.objects.filter(event__in=events).values_list("event", flat=True)
    for event in set(known):
        del events[event]
    return sum(_tell(each, event, now) for event, each in events.items())


def _event(each: Pulse) -> str:
    return f"mall-silent:{each.mall.pk}:{each.status.today}"


def _tell(each: Pulse, event: str, now: datetime) -> int:
    values = {"jam": formats.clock(each.since, each.mall.zone)}
    return watch.tell(each.mall, KIND, Act.RUN_FLOOR, event=event, values=values, now=now)
