"""Background work of the messages. A task carries ids only; the rows say everything else."""

import time

from celery import current_app, shared_task

from core import clock
from notifications import codes, delivery, watch
from notifications.states import QUEUES, Lane

SWEEP = 5.0  # seconds from one look at the outbox to the next
AT_MOST = 45.0  # seconds that one task goes on sending; the next sweep has called another


@shared_task
def deliver(message_id: int) -> None:
    for claimed in delivery.claim(now=clock.now(), message_id=message_id):
        delivery.send(claimed, now=clock.now())


@shared_task
def drain(lane: int) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < AT_MOST:
        found = delivery.claim(now=clock.now(), lane=Lane(lane))
        for claimed in found:
            delivery.send(claimed, now=clock.now())
        if not found:
            return


@shared_task
def sweep() -> None:
    delivery.tidy(now=clock.now())
    for lane in delivery.due_lanes(now=clock.now()):
        # A copy that nobody took before the next sweep is one too many.
        current_app.send_task(drain.name, [int(lane)], queue=QUEUES[lane], expires=SWEEP)


@shared_task
def forget_codes() -> None:
    codes.forget(now=clock.now())


@shared_task
def tell_of_dead() -> None:
    watch.tell_of_dead(now=clock.now())
