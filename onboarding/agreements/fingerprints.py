"""A short name for what drafts say, so that nobody signs what they have not seen."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from agencies.models import Agreement, Party, Term
from services.models import Scope


def of(drafts: Iterable[Agreement]) -> str:
    """The same for the same documents, in whatever order, as long as none says anything else."""
    wanted = [each.pk for each in drafts]
    terms = Term.objects.filter(agreement__in=wanted).order_by("agreement", "presence")
    counters = Term.counters.through.objects.filter(term__in=terms)
    scopes = Scope.objects.filter(term__in=terms)
    parties = Party.objects.filter(agreement__in=wanted).order_by("agreement", "rank", "agency")
    said = [
        list(Agreement.objects.filter(pk__in=wanted).order_by("pk").values()),
        _unnumbered(parties),
        _unnumbered(terms),
        sorted(counters.values_list("term__agreement", "term__presence", "counter")),
        sorted(scopes.values_list("term__agreement", "term__presence", "service")),
    ]
    return of_value(said)


def of_value(said: object) -> str:
    """A short name for a plain value."""
    whole = json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _unnumbered(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """Rows without their keys: a draft that is kept again unchanged gets others."""
    return [{name: value for name, value in row.items() if name != "id"} for row in rows.values()]
