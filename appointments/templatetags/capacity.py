"""How the days of a plan are said."""

from django import template

from agencies.models import Weekday

register = template.Library()


@register.filter
def weekday(number: int) -> str:
    return str(Weekday(number).label)
