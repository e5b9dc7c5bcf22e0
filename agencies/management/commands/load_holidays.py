"""`manage.py load_holidays 2027`: propose a year's holidays for the editable table."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from agencies import holidays


class Command(BaseCommand):
    help = "Menambahkan hari libur nasional dan cuti bersama satu tahun yang belum ada."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        added = holidays.propose(options["year"])
        self.stdout.write(f"{options['year']}: {added} hari ditambahkan")
