"""What providers tell us afterwards, in our words; and who may say so."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from notifications.channels import Secrets, Settings
from notifications.states import State

STOPS = frozenset({"stop", "berhenti"})
STARTS = frozenset({"start", "mulai"})


@dataclass(frozen=True)
class Word:
    """What became of one message; `text` says why, when it failed."""

    reference: str
    state: State
    text: str = ""


@dataclass(frozen=True)
class Wish:
    """Somebody wrote STOP or START; `reference` is the provider's name for what they wrote."""

    sender: str
    is_stop: bool
    reference: str = ""


@dataclass(frozen=True)
class Report:
    words: tuple[Word, ...] = ()
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True)
class Letter:
    """What arrived at a provider's address: its headers, and its body byte for byte."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime


Judge: TypeAlias = Callable[[Letter, Settings, Secrets], bool]
Reader: TypeAlias = Callable[[Any, Settings], Report]


def wish(sender: object, text: object, reference: object = "") -> Wish | None:
    """What somebody wants who wrote this; most messages want nothing of the kind."""
    wanted = str(text).strip().casefold()
    if wanted not in STOPS | STARTS:
        return None
    return Wish(str(sender), wanted in STOPS, str(reference or ""))


def is_signed(body: bytes, key: str, signature: str) -> bool:
    """Whether a signature in hex was made over the body with the key; no key signs nothing."""
    made = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return bool(key) and hmac.compare_digest(made.encode(), signature.lower().encode())


def at(data: Any, path: str) -> Any:
    """What stands at a path such as "data.0.id" of some JSON; None where nothing does."""
    for part in path.split(".") if path else ():
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return None
    return data if path else None


def each(data: Any) -> list[dict[str, Any]]:
    """The objects in what should be a list of them."""
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
