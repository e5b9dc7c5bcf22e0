"""Background work of onboarding."""

import logging

from celery import shared_task

from core import clock
from onboarding.agreements import reminding
from onboarding.setup.arranging import changes, resting

log = logging.getLogger(__name__)


@shared_task
def remind_of_endings() -> None:
    log.info("reminders of agreements that end: %s", reminding.remind(now=clock.now()))


@shared_task
def begin_days() -> None:
    log.info("planned changes made: %s", changes.make_due(now=clock.now()))
    log.info("rests that began: %s", resting.settle(now=clock.now()))
