"""Whether a mall has floor plans to show; asked with every page of a mall."""

from agencies.models import FloorPlan
from core.memo import briefly


@briefly(60)
def has_plans(mall_id: int) -> bool:
    """Whether people can look where the counters are; a new plan shows after a minute."""
    return FloorPlan.objects.filter(mall=mall_id).exists()
