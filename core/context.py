"""What every page may need to know about the portal itself."""

from django.conf import settings
from django.http import HttpRequest

from core import clock


def portal(request: HttpRequest) -> dict[str, object]:
    """`demo` shows the bar that says these are example data; `server_now` sets a screen's clock."""
    return {"demo": settings.DEMO, "server_now": clock.now()}
