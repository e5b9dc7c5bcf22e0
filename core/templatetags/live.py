"""What the live client reads from a page; see static/js/live.js."""

from typing import Protocol
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import clock, formats, live

register = template.Library()


class Place(Protocol):
    """A mall, which this layer does not know: its key and the zone its clocks show."""

    pk: int

    @property
    def zone(self) -> ZoneInfo: ...


@register.simple_tag
def live_attrs(mall: Place, version: int, line: int = 0) -> SafeString:
    """Make an element live: the stream to listen to, the version it shows, the mall's time.

    With a line it is fetched again when something changes there or in the whole mall only.
    """
    now = clock.now()
    attributes = format_html(
        'data-live="{}" data-version="{}" data-now="{}" data-zone="{}" data-zone-name="{}"',
        live.url_for(mall.pk, line=line),
        version,
        int(now.timestamp() * 1000),
        mall.zone.key,
        formats.zone_suffix(now, mall.zone),
    )
    return format_html('{} data-line="{}"', attributes, line) if line else attributes
