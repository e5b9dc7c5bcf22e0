"""`manage.py load_regions`: all regencies and cities by the official list."""

from typing import Any

from django.core.management.base import BaseCommand

from agencies import territory


class Command(BaseCommand):
    help = "Memuat 514 kabupaten dan kota menurut kode Kemendagri; aman diulang."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = territory.load()
        self.stdout.write(f"{len(territory.regencies())} wilayah: {changed} baru atau diubah")
