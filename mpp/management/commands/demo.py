"""The whole portal in one process, for a machine with nothing but Python."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.utils.translation import gettext as _

from mpp import demo, embedded, seed
from queueing import simulation


class Command(BaseCommand):
    help = "Starts pages, live streams, background work and a simulated day in one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        embedded.refuse_busy(host, port)
        call_command("migrate", verbosity=0)
        call_command("seed_demo", verbosity=0)
        shown = "localhost" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
        self.introduce(f"http://{shown}:{port}")
        embedded.start_background_work()
        # A visitor who follows a wrong link sees the page of the portal, not that of a developer.
        settings.DEBUG = False
        simulation.start_live(main=seed.BEKASI)
        try:
            embedded.serve(host, port)
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
