"""Live streams for uvicorn; in the embedded default also everything else, in one process."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp.settings")
_pages = get_asgi_application()

# Only now: the hub reads the settings, which Django has just loaded.
from core.live import Receive, Scope, Send, stream  # noqa: E402

live = stream


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer /live/ with a stream that touches no session and no database, the rest with Django."""
    if scope["type"] == "http" and scope["path"] == "/live/":
        await stream(scope, receive, send)
    else:
        await _pages(scope, receive, send)  # type: ignore[arg-type]  # ASGI's own loose types
