"""The ways out of the portal behind one small interface: what goes out, and what came of it.

Each module here has `send(outgoing, settings, secrets) -> Answer`, which waits ten seconds at most,
never raises for what a provider does, and never lets personal data or credentials into the answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from notifications.models import Attempt

Outcome = Attempt.Outcome
Settings: TypeAlias = Mapping[str, Any]
Secrets: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Template:
    """What WhatsApp has approved beforehand, and the values of its numbered variables."""

    name: str
    values: tuple[str, ...]
    button: str = ""  # what its button copies; a one-time code


@dataclass(frozen=True)
class Outgoing:
    """One message, ready for one channel.

    `key` is the same for every try of the same message, so that a provider that knows it already
    sends nothing again. `to` is a number as +628…, an address, or a browser's subscription as JSON.
    """

    key: str
    to: str
    subject: str
    body: str
    language: str = "id"
    sender_name: str = ""
    url: str = ""
    template: Template | None = None
    seconds_left: int = 86_400  # until nobody needs it any more


@dataclass(frozen=True)
class Answer:
    """What came of a try. FAILED is tried again, REFUSED is not; `is_down` blames the provider.

    `is_unsure`: it was handed over and nothing came back. It may be on its way and may be paid for.
    """

    outcome: Outcome
    text: str
    reference: str = ""
    is_down: bool = False
    is_unsure: bool = False


Sender: TypeAlias = Callable[[Outgoing, Settings, Secrets], Answer]
