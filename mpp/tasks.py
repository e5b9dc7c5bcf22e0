"""Nightly proof that nothing impossible has been stored."""

import logging
from datetime import timedelta

from celery import shared_task

from core import clock
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify

log = logging.getLogger(__name__)
LOOKED_BACK = timedelta(days=2)  # yesterday, in every zone, and what of it was closed today


@shared_task
def verify_invariants() -> None:
    scope = Scope(since=clock.now().date() - LOOKED_BACK)
    for verdict in verify(scope, ALL):
        if verdict.breaches:
            log.error("%s: %s breaches, %s", verdict.id, verdict.breaches, verdict.examples)
        else:
            log.info("%s: %s checked", verdict.id, verdict.checked)
