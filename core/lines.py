"""Lists written as lines: one entry a line in a form, a list in the database."""

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

Entry = dict[str, str]


class LinesField(forms.CharField):
    """A list of short texts, one on each line."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        # Validators see the list, so a NUL among its lines would get past Django's own.
        ProhibitNullCharactersValidator()(value)
        return super().clean(value)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial or []) != self.to_python(data))


class EntriesField(LinesField):
    """A list of entries, each a text and after a bar its note: "KTP-el | Asli"."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(" | ".join(filter(None, [e["text"], e.get("note")])) for e in value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        parts = [line.partition("|") for line in super().to_python(value)]
        return [{"text": text.strip(), "note": note.strip()} for text, _bar, note in parts]
