"""Background work of monitoring."""

import logging

from celery import shared_task

from core import clock
from monitoring import rollups, watching
from monitoring.reports import asking, building, reminding

log = logging.getLogger(__name__)


@shared_task
def count() -> None:
    log.info("days counted: %s", rollups.refresh(now=clock.now()))


@shared_task
def watch() -> None:
    told = watching.tell_of_silence(now=clock.now())
    if told:
        log.warning("told of malls that are silent: %s", told)


@shared_task
def build_report(pk: int) -> None:
    log.info("report %s frozen: %s", pk, building.build(pk, now=clock.now()))


@shared_task
def build_reports() -> None:
    for pk in building.waiting(now=clock.now()):
        log.info("report %s frozen: %s", pk, building.build(pk, now=clock.now()))


@shared_task
def make_reports() -> None:
    log.info("monthly reports begun: %s", asking.make_due(now=clock.now()))


@shared_task
def remind_of_reports() -> None:
    log.info("reminders of reports: %s", reminding.remind(now=clock.now()))
