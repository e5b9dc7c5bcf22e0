"""`manage.py rebuild_figures --mall mpp-bekasi --since 2026-03-01`: count days once more."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.models import Mall
from core import clock
from monitoring import rollups


class Command(BaseCommand):
    help = "Menghitung ulang angka harian dan bulanan dari peristiwanya; aman diulang."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mall", help="slug mal; tanpa ini semua mal")
        parser.add_argument("--since", type=date.fromisoformat, default=date.min, metavar="DATE")

    def handle(self, *args: Any, **options: Any) -> None:
        malls = Mall.objects.select_related("region").order_by("slug")
        if options["mall"]:
            malls = malls.filter(slug=options["mall"])
        if not malls:
            raise CommandError(f"Mal {options['mall']} tidak ada.")
        for mall in malls:
            counted = rollups.rebuild(mall, since=options["since"], now=clock.now())
            self.stdout.write(f"{mall.slug}: {counted} hari dihitung")
