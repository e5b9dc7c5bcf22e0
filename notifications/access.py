"""The gates to what a mall sends: its messages, its channels, its wording; a stranger gets 404."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import Act
from agencies import access as agency_access
from agencies.models import Mall
from notifications.catalogue import KINDS
from notifications.models import Message
from notifications.states import Channel

# As the address of a page names them.
CHANNELS = {"whatsapp": Channel.WHATSAPP, "sms": Channel.TEXT, "surel": Channel.EMAIL}
LANGUAGES = ("id", "en")


def managed_malls(user: User, *, on: date) -> QuerySet[Mall]:
    """The malls whose messages the user looks after."""
    return agency_access.whole_malls_for(user, Act.MANAGE_MESSAGES, on=on)


def managed_mall(user: User, slug: str, *, on: date) -> Mall:
    """A mall whose messages the user looks after."""
    mall = managed_malls(user, on=on).filter(slug=slug).first()
    if mall is None:
        raise Http404
    return mall


def message_in(mall: Mall, pk: int) -> Message:
    """A message of a mall that passed the asker's own gate."""
    found = Message.objects.select_related("contact").filter(mall=mall, pk=pk).first()
    if found is None:
        raise Http404
    return found


def channel_called(name: str) -> Channel:
    """A channel that a mall arranges with a provider, by its name in an address."""
    if name not in CHANNELS:
        raise Http404
    return CHANNELS[name]


def name_of(channel: Channel) -> str:
    """How an address names a channel of OUTSIDE."""
    return next(name for name, each in CHANNELS.items() if each == channel)


def refuse_unknown_wording(kind: str, language: str) -> None:
    """Nothing is said in other kinds and languages than these."""
    if kind not in KINDS or language not in LANGUAGES:
        raise Http404


def is_national(user: User, *, on: date) -> bool:
    """Whether the user looks after the messages of every mall, and so the nation's wording."""
    return agency_access.is_national(user, Act.MANAGE_MESSAGES, on=on)


def refuse_local(user: User, *, on: date) -> None:
    """The nation's wording is for those who look after every mall."""
    if not is_national(user, on=on):
        raise Http404
