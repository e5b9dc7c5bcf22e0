"""What somebody said before choosing a time, carried from page to page in the address, sealed.

Who has priority, and why, is nobody's business: an address is written into logs and histories.
"""

from urllib.parse import urlencode

from core import vault
from queueing.states import Priority

COLUMN = "preparation"


def seal(service_id: int, priority: Priority) -> str:
    """That the papers of this service are complete, and the priority that was asked for."""
    return vault.seal(f"{service_id} {int(priority)}", column=COLUMN)


def read(sealed: str, service_id: int) -> Priority | None:
    """The priority, or None when nothing was said yet about this service."""
    try:
        said = vault.reveal(sealed, column=COLUMN)
    except vault.Unreadable:
        return None
    service, _space, priority = said.partition(" ")
    return Priority(int(priority)) if service == str(service_id) else None


def query(sealed: str) -> str:
    """The same as the part of an address."""
    return urlencode({"siap": sealed})
