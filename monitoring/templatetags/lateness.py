"""How old the figures of a page are, where they come from a copy of the database."""

from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import gettext as _

from agencies.models import Zone
from core import formats, replica
from monitoring import figures

register = template.Library()
HERE = ZoneInfo(Zone.WIB)  # the clock of the portal; a page may be of several zones


@register.simple_tag
def figures_as_of() -> str:
    """Until when the copy that this page is read from has followed; nothing without a copy."""
    at = figures.as_of() if replica.is_reading() else None
    if at is None:
        return ""
    words = _("Angka per %(day)s pukul %(time)s.")
    return words % {"day": formats.long_date(at, HERE), "time": formats.clock(at, HERE)}
