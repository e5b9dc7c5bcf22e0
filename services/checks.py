"""The questions of verify_invariants about services and their standards."""

from core.proof import Breach, Outcome, Scope
from services.models import Service, Standard
from services.standard_states import State
from services.standards import GOVERNED, content_of, shown_by


def shown(scope: Scope) -> Outcome:
    """A service shows what its published standard says, and nothing else."""
    published = Standard.objects.filter(state=State.PUBLISHED)
    if scope.mall_id is not None:
        published = published.filter(service__presence__mall=scope.mall_id)
    rows = published.select_related("service").prefetch_related(
        "service__fees", "service__variants__fees"
    )
    checked, wrong = 0, []
    for row in rows.iterator(chunk_size=500):
        checked += 1
        said = content_of(row)
        kept = shown_by(row.service)
        for name in (*GOVERNED, "fees", "variants"):
            if getattr(said, name) != getattr(kept, name):
                wrong.append(Breach(Service, row.service_id, f"shows another {name}"))
    return Outcome(checked, wrong)
