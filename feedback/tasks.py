"""Background work of the opinions."""

import logging

from celery import shared_task

from core import clock
from feedback import inviting

log = logging.getLogger(__name__)


@shared_task
def invite() -> None:
    log.info("invited to the survey: %s", inviting.invite(clock.now()))
