"""What a mall fills in about a provider: a form is built from it, and what makes no sense is said.

A module says in FIELDS what it needs; settings and secrets are filled under those names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from notifications.channels import Secrets, Settings

Text: TypeAlias = str | Promise
Kind: TypeAlias = Literal["text", "number", "choice", "json", "switch"]
Complaints: TypeAlias = dict[str, str]  # a sentence by the name of its field


@dataclass(frozen=True)
class Field:
    """One thing to fill in; `initial` stands for it while it is empty."""

    name: str
    label: Text
    help: Text = ""
    kind: Kind = "text"
    choices: tuple[tuple[str, Text], ...] = ()
    is_secret: bool = False
    is_required: bool = False
    initial: Any = ""


def filled(fields: Iterable[Field], settings: Settings) -> dict[str, Any]:
    """The settings, with the initial value where one is empty or not of its kind."""
    return {field.name: _value(field, settings) for field in fields if not field.is_secret}


def complaints(fields: Iterable[Field], settings: Settings, secrets: Secrets) -> Complaints:
    """What is missing or is not of its kind; a module adds what only it knows."""
    found = {}
    for field in fields:
        value = (secrets if field.is_secret else settings).get(field.name)
        sentence = _empty(field) if value in (None, "") else _misfit(field, value)
        if sentence:
            found[field.name] = sentence
    return found


def _value(field: Field, settings: Settings) -> Any:
    value = settings.get(field.name)
    return field.initial if value in (None, "") or _misfit(field, value) else value


def _empty(field: Field) -> str:
    return _("Wajib diisi.") if field.is_required and field.initial in (None, "") else ""


def _misfit(field: Field, value: Any) -> str:
    if field.kind == "number":
        return "" if isinstance(value, int) and value >= 0 else _("Isi dengan angka.")
    if field.kind == "json":
        return "" if isinstance(value, dict) else _("Isi dengan objek JSON.")
    if field.kind == "switch":
        return "" if isinstance(value, bool) else _("Pilih ya atau tidak.")
    if field.kind == "choice":
        known = {each for each, _label in field.choices}
        return "" if value in known else _("Pilih salah satu yang tersedia.")
    # A second line in a name or a key could become a header of its own.
    is_line = isinstance(value, str) and value.isprintable()
    return "" if is_line else _("Isi dengan satu baris teks.")
