"""The portal of one small mall in one process: no broker, no other program."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from mpp import embedded


class Command(BaseCommand):
    help = "Serves pages, live streams and background work in one process, for one small mall."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        embedded.refuse_busy(host, port)
        embedded.start_background_work()
        embedded.serve(host, port)
