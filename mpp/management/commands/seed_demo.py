"""Loads the demonstration data once; see mpp/seed.py."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from agencies import territory
from core import clock
from core.errors import Refused
from mpp import seed, seed_agreements, seed_bookings, seed_path


class Command(BaseCommand):
    help = "Loads example malls, agencies, services and accounts, unless they are there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="Write the file over what was edited since."
        )

    def handle(self, *args: Any, force: bool, verbosity: int, **options: Any) -> None:
        try:
            written = seed.load(force=force)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        territory.load()
        seed_path.tread(now=clock.now())
        seed_agreements.agree(now=clock.now())
        seed_bookings.book(now=clock.now())
        if verbosity:
            self.stdout.write(_("Data contoh dimuat.") if written else _("Data contoh sudah ada."))
