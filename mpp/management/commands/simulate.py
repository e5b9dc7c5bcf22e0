"""Plays whole days at a mall through the functions the screens call."""

from argparse import ArgumentParser
from datetime import date
from time import perf_counter
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from agencies.models import Mall
from core import clock
from core.errors import Refused
from queueing.simulation import report, whole_days


class Command(BaseCommand):
    help = "Simulates whole days at a mall: arrivals, calls, no-shows, transfers, lunch, closing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mall", required=True, help="The mall's slug.")
        parser.add_argument("--date", type=date.fromisoformat, help="The first day, or today.")
        parser.add_argument("--days", type=int, default=1)
        parser.add_argument("--seed", type=int, default=1, help="The same seed plays the same day.")
        parser.add_argument("--visitors", type=int, help="People a day; as many as usual if empty.")

    def handle(self, *args: Any, **options: Any) -> None:
        mall = Mall.objects.select_related("region").filter(slug=options["mall"]).first()
        if mall is None:
            raise CommandError(_("Mal %s tidak ada.") % options["mall"])
        first = options["date"] or whole_days.today(mall, clock.now())
        self.stdout.write(
            row(
                _("tanggal"),
                _("diambil"),
                _("selesai"),
                _("tak hadir"),
                _("dialihkan"),
                _("dibatalkan"),
                _("median"),
                _("p90 (menit)"),
            )
        )
        chosen = {name: options[name] for name in ("days", "seed", "visitors")}
        try:
            self.play(mall, first, **chosen)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def play(self, mall: Mall, first: date, **chosen: Any) -> None:
        began = perf_counter()
        for on in whole_days.play(mall, first=first, **chosen):
            seconds, began = perf_counter() - began, perf_counter()
            day = report.of(mall, on=on)
            waits = (f"{day.median_wait:.1f}", f"{day.p90_wait:.1f}")
            counts = (day.issued, day.served, day.no_shows, day.transferred, day.cancelled)
            self.stdout.write(row(on, *counts, *waits) + f"   ({seconds:.1f} s)")


def row(*cells: object) -> str:
    return "".join(f"{cell!s:>12}" for cell in cells)
