"""Background work of the reservations."""

import logging

from celery import shared_task

from appointments import arrivals, booking, capacity, disruption, draws, stranded, waitlist
from core import clock

log = logging.getLogger(__name__)


@shared_task
def release_held() -> None:
    log.info("held places released: %s", booking.release_held(now=clock.now()))


@shared_task
def count_no_shows() -> None:
    log.info("bookings nobody came for: %s", arrivals.miss(now=clock.now()))


@shared_task
def cancel_unanswered() -> None:
    log.info("booked in a closed window: %s", disruption.catch_up(now=clock.now()))
    log.info("called off and not moved: %s", disruption.cancel_unanswered(now=clock.now()))
    log.info("applied for in vain: %s", stranded.sweep(now=clock.now()))


@shared_task
def follow_plans() -> None:
    log.info("slots that promised more: %s", capacity.follow_lately(now=clock.now()))


@shared_task
def serve_waiting() -> None:
    log.info("draws: %s", draws.work(now=clock.now()))
    log.info("places offered: %s", waitlist.work(now=clock.now()))
