"""`manage.py simulate_release`: what first come and a draw give to people and to machines."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from appointments import release_simulation
from appointments.release_simulation import MODES, Crowd

RIVALS = 50


class Command(BaseCommand):
    help = "Shares places out among people and machines in each way, and compares their chances."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--applicants", type=int, default=Crowd.applicants)
        parser.add_argument("--places", type=int, default=Crowd.places)
        parser.add_argument("--machines", type=int, default=Crowd.by_machine)
        parser.add_argument("--requests", type=int, default=Crowd.requests)
        parser.add_argument("--seeds", type=int, default=50)

    def handle(self, *args: Any, **options: Any) -> None:
        crowd = Crowd(
            options["applicants"], options["places"], options["machines"], options["requests"]
        )
        names = {"first come": _("siapa cepat"), "draw": _("undian")}
        self.stdout.write(_("cara            mesin    orang   mesin/orang"))
        for mode in MODES:
            share = release_simulation.play(mode, crowd, seeds=options["seeds"])
            row = f"{names[mode]:<14}{share.machine:>7.3f}{share.person:>9.3f}"
            self.stdout.write(f"{row}{share.advantage:>14}")
        for at_random, said in (
            (False, _("Tempat yang batal kembali seketika: sampai ke pembeli %(part)s")),
            (True, _("Tempat yang batal kembali pada saat acak: sampai ke pembeli %(part)s")),
        ):
            part = release_simulation.handed_on(at_random=at_random, rivals=RIVALS, seeds=1000)
            self.stdout.write(said % {"part": f"{part:.1%}"})
