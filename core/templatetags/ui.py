"""Template tags of the house: icons, ticket numbers, ranges, and the formats of core.formats."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core import formats, vault

register = template.Library()


@register.filter
def rupiah(amount: Decimal | int | None) -> str:
    return formats.rupiah(amount)


@register.filter
def clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return formats.clock(moment, zone)


@register.filter
def clock_short(moment: datetime | None, zone: ZoneInfo) -> str:
    return formats.clock_short(moment, zone)


@register.filter
def long_date(day: date | None, zone: ZoneInfo | None = None) -> str:
    return formats.long_date(day, zone)


@register.filter
def minutes(count: int | None) -> str:
    return formats.minutes(count)


@register.filter
def thousands(number: int | None) -> str:
    return "" if number is None else formats.thousands(number)


@register.filter
def opaque(address: str) -> str:
    """The same for the same address, where the address itself must not be kept: it opens a page."""
    return vault.blind_index(address, purpose="page")[:16]


@register.simple_tag
def wait_range(low: int, high: int) -> str:
    return formats.wait_range(low, high)


@register.simple_tag
def clock_range(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    return formats.clock_range(start, end, zone)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draw one symbol of the sprite; it says nothing alone, so a word stands beside it."""
    return _symbol(name, extra)


@lru_cache(500)
def _symbol(name: str, extra: str) -> SafeString:
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f"i {extra}".strip(),
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def arms() -> SafeString:
    """Draw the shield that stands for the coat of arms of the region."""
    return format_html(
        '<svg class="arms" viewBox="0 0 40 46" aria-hidden="true">'
        '<use href="{}#lambang"></use></svg>',
        static("img/icons.svg"),
    )


@register.simple_tag
def ticket_number(number: str) -> SafeString:
    """Set a number such as "A-027" with the narrow hyphen that holds it together."""
    parts = format_html_join(
        SafeString('<span class="h">-</span>'), "{}", ((part,) for part in number.split("-"))
    )
    return format_html('<span class="tno">{}</span>', parts)


@register.simple_tag
def range_bar(low: int, high: int) -> SafeString:
    """Draw how long somebody still waits; nothing is drawn where nobody waits."""
    if high <= 0:
        return SafeString("")
    bar = formats.range_bar(low, high)
    label = gettext("Perkiraan %(range)s dari sekarang") % {"range": formats.wait_range(low, high)}
    ticks = [("0", "start", gettext("Sekarang")), (f"{bar.stop:.1f}%", "middle", str(high))]
    if bar.show_low:
        ticks.insert(1, (f"{bar.start:.1f}%", "middle", str(low)))
    ticks.append(("100%", "end", formats.minutes(bar.end)))
    return format_html(
        '<svg class="range" width="100%" height="38" role="img" aria-label="{}">{}{}</svg>',
        label,
        _band(bar, height=12),
        format_html_join("", '<text x="{}" y="33" text-anchor="{}">{}</text>', ticks),
    )


@register.simple_tag
def range_strip(low: int, high: int, end: int = 60) -> SafeString:
    """Draw the same range small and without ticks, for lists that share one scale of minutes."""
    start, stop = (100 * min(max(value, 0), end) / end for value in (low, high))
    bar = formats.RangeBar(start, stop, end, show_low=False)
    return format_html(
        '<svg class="strip" width="100%" height="8" aria-hidden="true">{}</svg>',
        _band(bar, height=8),
    )


def _band(bar: formats.RangeBar, *, height: int) -> SafeString:
    # A band too thin to be seen would read as "nobody waits".
    width = max(bar.stop - bar.start, 3.0) if bar.stop > 0 else 0.0
    return format_html(
        '<rect class="track" width="100%" height="{0}" rx="{1}"/>'
        '<rect class="band" x="{2}%" width="{3}%" height="{0}" rx="{1}"/>',
        height,
        height // 2,
        f"{min(bar.start, 100 - width):.1f}",
        f"{width:.1f}",
    )
