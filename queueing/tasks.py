"""Background work of the queue."""

import logging

from celery import shared_task

from core import clock
from queueing import tickets

log = logging.getLogger(__name__)


@shared_task
def close_days() -> None:
    log.info("queue-days closed: %s", tickets.close_days(now=clock.now()))
