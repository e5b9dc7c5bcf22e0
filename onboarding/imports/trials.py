"""Trying a sheet out and importing it: what is written is what was tried, or nothing."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Mall
from core import memo, tables
from core.errors import Refused
from core.tables import Row, Sheet
from onboarding.imports import KINDS
from onboarding.imports.plan import Plan
from onboarding.models import Trial

KEPT = timedelta(days=2)  # so long a trial may still be imported


class NothingTried(Refused):
    code = "nothing_tried"


class ChangedMeanwhile(Refused):
    code = "changed_meanwhile"


@transaction.atomic
def try_out(
    kind: str, file: "File[bytes] | None", mall: Mall, *, by: User, now: datetime
) -> tuple[Trial | None, Plan]:
    """Say what a sheet would do; it is kept to be imported unless something is wrong in it.

    Raises NotAccepted when it is no such sheet at all.
    """
    sheet = tables.read(file, columns=KINDS[kind].columns)
    plan = KINDS[kind].judge(mall, sheet)
    if plan.problems or not plan.writes_anything:
        return None, plan
    Trial.objects.filter(mall=mall, kind=kind, by=by, imported_at=None).delete()
    trial = Trial.objects.create(
        mall=mall,
        kind=kind,
        columns=list(sheet.columns),
        rows=[[row.number, row.values] for row in sheet.rows],
        shown=fingerprint(plan),
        by=by,
        at=now,
    )
    return trial, plan


def fingerprint(plan: Plan) -> str:
    """A short name for what a trial shows, so that nothing else is brought in."""
    said = [[step.row, step.fate, step.subject, step.changes] for step in plan.steps]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def plan_of(trial: Trial) -> Plan:
    """What the sheet would do by now."""
    return KINDS[trial.kind].judge(trial.mall, sheet_of(trial))


def sheet_of(trial: Trial) -> Sheet:
    rows: Sequence[Sequence[object]] = trial.rows
    found = tuple(Row(int(str(number)), dict(values)) for number, values in rows)  # type: ignore[call-overload]
    return Sheet(tuple(trial.columns), found, ())


@transaction.atomic
def bring_in(trial: Trial, *, by: User, now: datetime) -> Plan:
    """Write what the trial said, all of it or nothing. Raises NothingTried, ChangedMeanwhile."""
    # Two clicks, and two sheets for one mall, wait in line here.
    mall = Mall.objects.select_for_update(of=("self",), no_key=True).get(pk=trial.mall_id)
    found = Trial.objects.select_for_update(of=("self",)).get(pk=trial.pk)
    if found.imported_at is not None or found.at < now - KEPT:
        raise NothingTried(_("Impor ini sudah dijalankan atau kedaluwarsa. Unggah berkasnya lagi."))
    plan = KINDS[found.kind].judge(mall, sheet_of(found))
    if plan.problems or fingerprint(plan) != found.shown:
        raise ChangedMeanwhile(
            _("Data mal berubah sejak uji coba. Unggah berkasnya lagi dan lihat hasil uji cobanya.")
        )
    plan.write(by, now)
    Trial.objects.filter(pk=found.pk).update(imported_at=now, rows=[])
    transaction.on_commit(memo.clear_all)
    return plan
