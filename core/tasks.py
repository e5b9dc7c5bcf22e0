"""Background work of the core."""

import logging

from celery import shared_task

from core import clock, idempotency

log = logging.getLogger(__name__)


@shared_task
def forget_answers() -> None:
    log.info("answers forgotten: %s", idempotency.forget(now=clock.now()))
