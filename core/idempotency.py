"""One effect per key: a double tap, a retry or ten parallel copies get the same answer."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.models import Answer

KEPT = timedelta(days=2)

# ON CONFLICT waits for a parallel copy to commit or roll back, then says whether we are first.
CLAIM = """
    INSERT INTO core_answer (scope, key, fingerprint, body, created_at)
    VALUES (%s, %s, %s, NULL, %s) ON CONFLICT (scope, key) DO NOTHING RETURNING id"""
FILL = "UPDATE core_answer SET body = %s WHERE id = %s"


class KeyReused(Refused):
    """The key was used for something else before."""

    code = "key_reused"
    status = 422


@transaction.atomic
def once(
    scope: str, key: UUID, fingerprint: str, act: Callable[[], Any], *, now: datetime
) -> tuple[Any, bool]:
    """Run `act` unless this key has been answered; return its JSON answer and whether it ran.

    The claim, the effect and the answer are one transaction: after a crash the key is free again.
    Raises KeyReused when the key comes back with another fingerprint.
    """
    # SQLite compares moments as text, so all of them must be written in the one way Django does.
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [scope, _stored(key), fingerprint, moment])
        claim = cursor.fetchone()
    if claim is None:
        return _known(scope, key, fingerprint), False
    body = act()
    with connection.cursor() as cursor:
        cursor.execute(FILL, [json.dumps(body), claim[0]])
    return body, True


def _known(scope: str, key: UUID, fingerprint: str) -> Any:
    answer = Answer.objects.get(scope=scope, key=key)
    if answer.fingerprint != fingerprint:
        raise KeyReused(_("Permintaan ini memakai kunci yang sudah dipakai untuk hal lain."))
    return answer.body


def _stored(key: UUID) -> str:
    return str(key) if connection.vendor == "postgresql" else key.hex


def forget(*, now: datetime) -> int:
    """Delete answers older than two days; nobody retries that late."""
    return Answer.objects.filter(created_at__lt=now - KEPT).delete()[0]
