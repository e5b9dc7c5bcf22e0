"""`manage.py verify_draw`: draw again from what was published, and compare."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from appointments import draws
from appointments.models import Draw


class Command(BaseCommand):
    help = "Draws again from the seeds that were revealed and compares the results."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draw", nargs="*", type=int, help="The draws' ids; all if empty.")
        parser.add_argument(
            "--file", type=Path, action="append", default=[], help="A downloaded draw."
        )

        parser.add_argument("--commitment", help="The seal as it was published before.")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Draw.objects.filter(drawn_at__isnull=False)
        if options["draw"]:
            wanted = wanted.filter(pk__in=options["draw"])
        found = [_read(path) for path in options["file"]]
        if options["draw"] or not found:
            found += [draws.protocol(row) for row in wanted]
        missing = set(options["draw"]) - {each["draw"] for each in found}
        if missing:
            raise CommandError(
                _("Undian ini tidak ada atau belum diundi: %(ids)s")
                % {"ids": ", ".join(map(str, sorted(missing)))}
            )
        wrong = sum(self._say(each, options["commitment"]) for each in found)
        if wrong:
            raise CommandError(_("%(count)d undian tidak sesuai.") % {"count": wrong})

    def _say(self, found: dict[str, Any], noted: str | None) -> bool:
        wrong = draws.faults(found)
        if noted and noted != found["commitment"]:
            wrong.append(_("segelnya bukan yang diumumkan"))
        placed = sum(outcome[2] is not None for outcome in found["outcomes"])
        line = _("Undian %(id)s, %(date)s: %(applied)d permohonan, %(placed)d mendapat tempat") % {
            "id": found["draw"],
            "date": found["date"],
            "applied": len(found["entries"]),
            "placed": placed,
        }
        right = _("sesuai")
        self.stdout.write(f"{line}: {'; '.join(wrong) or right}")
        return bool(wrong)


def _read(path: Path) -> dict[str, Any]:
    """A downloaded protocol. Raises CommandError when it is none."""
    try:
        found: dict[str, Any] = json.loads(path.read_text())
        draws.faults(found)  # every part is there and of the right shape
        _named = found["draw"], found["date"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(
            _("Berkas %(name)s bukan berkas undian: %(error)s")
            % {"name": path.name, "error": error}
        ) from error
    return found
