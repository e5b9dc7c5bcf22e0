"""Which module carries which channel."""

from collections.abc import Callable
from typing import TypeAlias

from notifications.channels import (
    Secrets,
    Sender,
    Settings,
    email,
    gateway,
    gateway_fields,
    push,
    whatsapp,
)
from notifications.channels.fields import Complaints, Field
from notifications.channels.reports import Judge, Reader
from notifications.states import Channel

Complainer: TypeAlias = Callable[[Settings, Secrets], Complaints]

SENDERS: dict[Channel, Sender] = {
    Channel.PUSH: push.send,
    Channel.WHATSAPP: whatsapp.send,
    Channel.TEXT: gateway.send,
    Channel.EMAIL: email.send,
}
# What a mall arranges; the push services of browsers need nothing of the kind.
FIELDS: dict[Channel, tuple[Field, ...]] = {
    Channel.WHATSAPP: whatsapp.FIELDS,
    Channel.TEXT: gateway_fields.FIELDS,
    Channel.EMAIL: email.FIELDS,
}
COMPLAINERS: dict[Channel, Complainer] = {
    Channel.WHATSAPP: whatsapp.complain,
    Channel.TEXT: gateway.complain,
    Channel.EMAIL: email.complain,
}
# Who reports back, and how one knows that it is they.
JUDGES: dict[Channel, Judge] = {
    Channel.WHATSAPP: whatsapp.is_theirs,
    Channel.TEXT: gateway.is_theirs,
}
READERS: dict[Channel, Reader] = {
    Channel.WHATSAPP: whatsapp.read,
    Channel.TEXT: gateway.read,
}
