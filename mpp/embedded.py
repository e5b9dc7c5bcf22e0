"""The whole portal in one process, for a mall with nothing but Python: pages, streams, tasks."""

import errno
import socket
import threading
import warnings

import uvicorn
from celery.beat import Scheduler, Service
from django.conf import settings
from django.core.management import CommandError
from django.utils.translation import gettext as _

from mpp.celery import app, make

# A code, a call and the sweeper never wait behind a heavy job, here as in production.
WORKERS = (
    ("quick", ["codes", "calls"], 2),
    ("slow", ["default", "reminders", "reports"], 3),
)


def refuse_busy(host: str, port: int) -> None:
    """Say in one sentence that the port is taken, before the database is touched."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise CommandError(
                _("Porta %(port)s sedang dipakai program lain.") % {"port": port}
            ) from error


def serve(host: str, port: int) -> None:
    """One process only: a second would have a broker, a live hub and a clock of its own."""
    # Whitenoise streams a file piece by piece, which is as well here.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
    uvicorn.run(
        "mpp.asgi:application",
        host=host,
        port=port,
        lifespan="off",
        timeout_graceful_shutdown=3,
        log_level="warning",
        access_log=False,
    )


def start_background_work() -> None:
    """Celery workers and their schedule as threads: the memory broker ends with this process.

    With a broker there are workers of their own, and this does nothing.
    """
    if not settings.CELERY_BROKER_URL.startswith("memory:"):
        return
    for name, queues, threads in WORKERS:
        # An app of its own: two workers of one app would both listen where the second does.
        worker = make(is_current=False).WorkController(
            hostname=f"{name}@portal",
            queues=queues,
            pool_cls="threads",
            concurrency=threads,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        threading.Thread(target=worker.start, name=name, daemon=True).start()
    beat = Service(app, scheduler_cls=Scheduler, max_interval=5)
    threading.Thread(target=beat.start, name="beat", daemon=True).start()
