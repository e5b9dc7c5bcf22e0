"""Background work of the queue."""

import logging

from celery import shared_task

from core import clock
from queueing import forecasts, learning, sweeps, watching

log = logging.getLogger(__name__)


@shared_task
def close_days() -> None:
    log.info("queue-days closed: %s", sweeps.close_days(now=clock.now()))


@shared_task
def withdraw_unprinted() -> None:
    withdrawn = sweeps.withdraw_unprinted(now=clock.now())
    if withdrawn:
        log.warning("numbers withdrawn that were never printed: %s", withdrawn)


@shared_task
def score_forecasts() -> None:
    log.info("forecasts scored: %s", forecasts.score(now=clock.now()))


@shared_task
def learn() -> None:
    log.info("malls learned from: %s", learning.learn_all(now=clock.now()))


@shared_task
def tell_near() -> None:
    log.info("told that their turn is near: %s", watching.tell_near(now=clock.now()))


@shared_task
def tell_staff() -> None:
    log.info("told to staff: %s", watching.tell_staff(now=clock.now()))
