"""What pages of lower apps say of reservations, which those apps do not know."""

from django import template

from appointments import plans
from services.models import Service

register = template.Library()


@register.simple_tag
def takes_reservations(service: Service) -> bool:
    """Whether a place can be reserved for this service."""
    return plans.bookable(service.pk) is not None
