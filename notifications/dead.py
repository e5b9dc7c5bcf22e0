"""Messages that reached nobody: why, how many, and trying them again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from agencies.models import Mall
from notifications import logs, outbox
from notifications.models import Message, MessageQuerySet
from notifications.states import Channel, State

WITHIN = timedelta(days=7)  # older ones are history, and stand in the log
AT_ONCE = 500  # are tried again with one press of a button
MOST = 50  # reasons on one page
LATEST = 200  # are shown one by one, at most ten of a reason
SHOWN = 10


@dataclass(frozen=True)
class Tally:
    """How many are dead, and how many of those can still be tried again."""

    dead: int
    alive: int

    @property
    def late(self) -> int:
        return self.dead - self.alive


@dataclass(frozen=True)
class Death:
    """One dead message, and whether it can still be tried again."""

    line: logs.Line
    is_late: bool


@dataclass(frozen=True)
class Group:
    """Dead messages of one channel that died of the same."""

    reason: str
    channel: Channel
    tally: Tally
    lines: list[Death]

    @property
    def icon(self) -> str:
        return logs.CHANNEL_ICONS[self.channel]

    @property
    def example(self) -> int:
        """One of them, by which a form names them all."""
        return self.lines[0].line.message.pk


@dataclass(frozen=True)
class Retried:
    """What became of trying a whole group again."""

    again: int
    late: int
    left: int


def tally(malls: QuerySet[Mall] | list[Mall], *, now: datetime) -> Tally:
    """How many messages of these malls died lately."""
    return _tally(_dead(now=now).filter(mall__in=malls), now=now)


def groups(mall: Mall, *, now: datetime) -> list[Group]:
    """The dead messages of a mall by their reasons, the most frequent first."""
    mine = _dead(now=now).filter(mall=mall)
    alive = Count("pk", filter=Q(not_after__gt=now))
    counted = mine.values_list("reason", "channel").annotate(dead=Count("pk"), alive=alive)
    newest = mine.select_related("contact").order_by("-ended_at", "-pk")[:LATEST]
    shown = [Death(line, line.message.not_after <= now) for line in logs.lines(newest, mall.zone)]
    found = [
        Group(
            reason,
            Channel(channel),
            Tally(dead, alive),
            [each for each in shown if _died_of(each.line.message, reason, channel)][:SHOWN],
        )
        for reason, channel, dead, alive in counted.order_by("-dead", "reason", "channel")[:MOST]
    ]
    # One whose latest is older than two hundred others comes when those are dealt with.
    return [each for each in found if each.lines]


def may_retry(message: Message, *, now: datetime) -> bool:
    """Whether it is dead, and still so and worth sending."""
    is_over = message.withdrawn_at is not None or message.not_after <= now
    return message.state == State.DEAD and not is_over


def retry_like(message: Message, *, by: User, now: datetime) -> Retried:
    """Try every message again that died of the same as this one, as long as it is not too late."""
    same = _dead(now=now).filter(
        mall=message.mall_id, channel=message.channel, reason=message.reason
    )
    counts = _tally(same, now=now)
    waiting = same.filter(not_after__gt=now).order_by("not_after", "pk")
    again = sum(outbox.retry(each, by=by, now=now) for each in list(waiting[:AT_ONCE]))
    return Retried(again, counts.late, max(0, counts.alive - AT_ONCE))


def _dead(*, now: datetime) -> MessageQuerySet:
    return Message.objects.lost().filter(ended_at__gt=now - WITHIN)


def _tally(rows: QuerySet[Message], *, now: datetime) -> Tally:
    alive = Count("pk", filter=Q(not_after__gt=now))
    found = rows.aggregate(dead=Count("pk"), alive=alive)
    return Tally(found["dead"], found["alive"])


def _died_of(message: Message, reason: str, channel: int) -> bool:
    return (message.reason, message.channel) == (reason, channel)
