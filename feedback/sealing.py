"""What people wrote, as the database knows it, and as much of a person as a screen may show."""

import logging
from dataclasses import dataclass

from core import identity, vault
from feedback.models import Complaint
from notifications import contacts

OPINION, TEXT, ANSWER = "opinion.text", "complaint.text", "complaint.answer"
NAME, TOKEN = "complaint.name", "complaint.token"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Masked:
    """Who complains, as screens show it: first letters and last digits; empty where not said."""

    name: str
    phone: str
    email: str

    @property
    def is_anonymous(self) -> bool:
        return not (self.name or self.phone or self.email)


def opened(sealed: str, *, column: str) -> str:
    """A sealed text; without its key it is dots, and the day goes on."""
    try:
        return vault.reveal(sealed, column=column)
    except vault.Unreadable as error:
        log.error("a sealed value does not open: %s", error)
        return contacts.UNREADABLE


def masked(complaint: Complaint) -> Masked:
    """The person behind a complaint, as far as a screen may say."""
    name = identity.masked_name(opened(complaint.sealed_name, column=NAME))
    standing = contacts.standing(complaint.contact)
    return Masked(name, standing.phone, standing.email)


def link(complaint: Complaint) -> str:
    """The token of the private link of a complaint. Raises Unreadable without the key."""
    return vault.reveal(complaint.sealed_token, column=TOKEN)
