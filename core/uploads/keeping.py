"""The only place that writes StoredFile, and the only way its bytes leave the portal."""

from datetime import datetime

from django.http import HttpResponse

from core.models import Kind, StoredFile
from core.uploads.receiving import Accepted, download_name


def keep(accepted: Accepted, *, title: str, now: datetime) -> StoredFile:
    """Store an accepted file under a title of ours, at most 160 characters long."""
    return StoredFile.objects.create(
        content=accepted.content,
        kind=accepted.kind,
        sha256=accepted.sha256,
        size=accepted.size,
        title=title,
        uploaded_at=now,
    )


def discard(*keys: int | None) -> None:
    """Throw stored files away that nothing refers to any more."""
    StoredFile.objects.filter(pk__in=[key for key in keys if key is not None]).delete()


def download(stored: StoredFile, *, inline: bool = False) -> HttpResponse:
    """Hand out a stored file to be saved; a picture may also be shown in a page.

    A PDF is always saved: in the sandbox no browser would open it.
    """
    kind = Kind(stored.kind)
    shown = inline and kind is not Kind.PDF
    # PostgreSQL gives a memoryview.
    response = HttpResponse(bytes(stored.content), content_type=kind.value)
    name = download_name(stored.title, kind.extension)
    how = "inline" if shown else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private"
    return response
