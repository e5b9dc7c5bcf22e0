"""What a mall is called, where it stands and what it has; only this module changes it here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from agencies.models import Mall
from onboarding.models import Location
from onboarding.setup.arranging import noting

FIELDS = (
    *("name", "short_name", "organiser", "place_name", "address"),
    *("facilities", "closes_on_joint_leave", "priority_ratio"),
)


@transaction.atomic
def save(mall: Mall, what: Mapping[str, Any], *, by: User, now: datetime) -> None:
    """Keep what a mall is called and where it stands, as a correction.

    Moving to another place is an act of path/way.py; here the latest place is only spelled anew.
    """
    known = noting.locked(mall)
    changed = {name: what[name] for name in FIELDS if getattr(known, name) != what[name]}
    if not changed:
        return
    Mall.objects.filter(pk=mall.pk).update(**changed)
    latest = Location.objects.filter(mall=mall).order_by("-from_date").first()
    if latest is not None:
        Location.objects.filter(pk=latest.pk).update(
            place_name=what["place_name"], address=what["address"]
        )
    noting.note("place", mall.pk, mall=mall, by=by, now=now, detail=" ".join(changed))
