"""Background work of onboarding."""

import logging

from celery import shared_task

from core import clock
from onboarding import reminding

log = logging.getLogger(__name__)


@shared_task
def remind_of_endings() -> None:
    log.info("reminders of agreements that end: %s", reminding.remind(now=clock.now()))
