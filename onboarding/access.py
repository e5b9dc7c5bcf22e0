"""What the gates to the onboarding of a mall have in common: whatever is not yours is not there."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from core.models import StoredFile

Row = TypeVar("Row", bound=Model)


def only(rows: QuerySet[Row]) -> Row:
    """The one row behind a gate; 404 when there is none."""
    found = rows.first()
    if found is None:
        raise Http404
    return found


def there(file: StoredFile | None) -> StoredFile:
    """A file that may be missing; 404 when it is."""
    if file is None:
        raise Http404
    return file
