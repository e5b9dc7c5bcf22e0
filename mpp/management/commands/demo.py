"""The whole portal in one process, for a machine with nothing but Python."""

import errno
import os
import socket
import threading
from argparse import ArgumentParser
from typing import Any

import uvicorn
from celery.beat import Scheduler, Service
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils.translation import gettext as _

from mpp import demo, seed
from mpp.celery import app
from queueing import simulation


class Command(BaseCommand):
    help = "Starts pages, live streams, background work and a simulated day in one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        refuse_busy(host, port)
        call_command("migrate", verbosity=0)
        call_command("seed_demo", verbosity=0)
        shown = "localhost" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
        self.introduce(f"http://{shown}:{port}")
        if settings.CELERY_BROKER_URL.startswith("memory:"):
            start_background_work()
        # A visitor who follows a wrong link sees the page of the portal, not that of a developer.
        settings.DEBUG = False
        simulation.start_live(main=seed.BEKASI)
        try:
            serve(host, port)
        finally:
            simulation.stop()
        self.stdout.write(_("Selesai."))

    def introduce(self, base_url: str) -> None:
        for title, url in demo.faces(base_url):
            self.stdout.write(f"{title:<16}{url}")
        self.stdout.write("")
        for login in demo.logins():
            self.stdout.write(f"{login.title:<34}{login.username:<26}{login.password}")
        self.stdout.write("")
        self.stdout.write(_("Berhenti: Ctrl-C"))
        self.stdout.flush()


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
    """A Celery worker and its schedule as threads: the memory broker ends with this process."""
    worker = app.WorkController(
        pool_cls="threads",
        concurrency=4,
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )
    beat = Service(app, scheduler_cls=Scheduler, max_interval=5)
    threading.Thread(target=worker.start, name="worker", daemon=True).start()
    threading.Thread(target=beat.start, name="beat", daemon=True).start()
