"""Background work of the core."""

import logging

from celery import shared_task

from core import clock, idempotency, throttle

log = logging.getLogger(__name__)


@shared_task
def forget_answers() -> None:
    now = clock.now()
    log.info("answers forgotten: %s", idempotency.forget(now=now))
    log.info("tries forgotten: %s", throttle.forget(now=now))
