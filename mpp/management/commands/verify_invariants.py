"""Proves that nothing impossible has been stored; see mpp/invariants.py."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from agencies.models import Mall
from core.proof import Scope, Verdict
from mpp.invariants import ALL
from queueing.invariants import verify


class Command(BaseCommand):
    help = "Checks what must always hold of the stored queues; exit status 1 on a breach."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        parser.add_argument("--mall", metavar="SLUG", help="Check this mall only.")
        parser.add_argument(
            "--since",
            type=date.fromisoformat,
            default=date.min,
            metavar="DATE",
            help="Check queue-days from this date on.",
        )

    def handle(self, *args: Any, mall: str | None, since: date, **options: Any) -> None:
        verdicts = []
        for verdict in verify(Scope(self.mall_id(mall) if mall else None, since), ALL):
            verdicts.append(verdict)
            if not options["json"]:
                self.say(verdict)
        broken = sum(verdict.breaches for verdict in verdicts)
        if options["json"]:
            found = {"ok": not broken, "checks": [asdict(verdict) for verdict in verdicts]}
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        if broken:
            raise CommandError(_("%(count)s pelanggaran.") % {"count": broken})

    def say(self, verdict: Verdict) -> None:
        self.stdout.write(
            f"{verdict.id:<4} {verdict.checked:>9} {verdict.breaches:>6}  {verdict.sentence}"
        )
        for example in verdict.examples:
            self.stdout.write(f"     ! {example}")

    def mall_id(self, slug: str) -> int:
        found = Mall.objects.filter(slug=slug).values_list("pk", flat=True).first()
        if found is None:
            raise CommandError(_("Tidak ada mal %(slug)s.") % {"slug": slug})
        return found
