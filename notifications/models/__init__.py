"""Everything the messages store."""

from notifications.models.channels import Messaging, Provider, Spending, Wording, new_address
from notifications.models.contacts import Code, Consent, Contact, Stop, Subscription
from notifications.models.messages import Attempt, Message, MessageQuerySet, Receipt

__all__ = [
    "Attempt",
    "Code",
    "Consent",
    "Contact",
    "Message",
    "MessageQuerySet",
    "Messaging",
    "Provider",
    "Receipt",
    "Spending",
    "Stop",
    "Subscription",
    "Wording",
    "new_address",
]
