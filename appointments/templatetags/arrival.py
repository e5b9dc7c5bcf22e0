"""What the kiosk's start says of reservations, which the queue itself does not know."""

from typing import Any

from django import template

from agencies.models import Mall
from appointments import presence
from core import clock

register = template.Library()


@register.simple_tag
def expects_reservations(mall: Mall) -> bool:
    """Whether somebody may come to this mall with a reservation."""
    return presence.is_expected_at(mall.pk)


@register.inclusion_tag("appointments/_kiosk_hall_code.html")
def hall_code(mall: Mall) -> dict[str, Any]:
    """The code that proves to be inside the hall; it fetches itself anew."""
    return {"mall": mall, "code": presence.hall_code(mall.pk, clock.now())}
