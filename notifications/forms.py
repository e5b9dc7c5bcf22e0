"""How somebody wants to hear: the channels that a mall has, an address for each, a browser."""

import base64
import binascii
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import identity
from notifications.channels import push
from notifications.contacts import Reach, Standing
from notifications.states import BY_PHONE, OUTSIDE, Channel

NAMES: dict[Channel, str | Promise] = {
    Channel.WHATSAPP: "WhatsApp",
    Channel.TEXT: "SMS",
    Channel.EMAIL: gettext_lazy("Surel"),
}
PHONE_WRONG = gettext_lazy("Nomor ponsel diawali 08 dan berisi 10 sampai 13 angka. Periksa lagi.")
EMAIL_WRONG = gettext_lazy("Alamat surel berbentuk nama@contoh.id. Periksa lagi.")
UNCOMPRESSED = b"\x04"  # how the public key of a browser begins
KEY_BYTES, SECRET_BYTES = 65, 16


def by_phone(on: Collection[Channel]) -> list[tuple[int, str | Promise]]:
    """The channels to a phone that a mall has, as choices."""
    return [(int(each), NAMES[each]) for each in BY_PHONE if each in on]


class ChannelsField(forms.TypedMultipleChoiceField):
    """Channels to tick; none is an answer too."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **more: Any) -> None:
        wrong = {"invalid_choice": gettext_lazy("Pilih dari yang tersedia.")}
        super().__init__(
            coerce=lambda value: Channel(int(value)),
            required=False,
            error_messages=wrong,
            **more,
        )


class EmailField(forms.EmailField):
    """An address for letters, in one spelling: it is found again by its index."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            required=False,
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
            error_messages=dict.fromkeys(("invalid", "max_length"), EMAIL_WRONG),
            **more,
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


class ReachForm(forms.Form):
    """Channels on and off, for somebody whose addresses the page shows masked only."""

    channels = ChannelsField(label=gettext_lazy("Kirim lewat"))
    phone = forms.CharField(
        label=gettext_lazy("Nomor ponsel"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"max_length": PHONE_WRONG},
    )
    email = EmailField(label=gettext_lazy("Surel"))

    def __init__(
        self, *args: Any, on: Collection[Channel], standing: Standing, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.standing = [each for each in OUTSIDE if each in on], standing
        self.fields["channels"].choices = [(int(each), NAMES[each]) for each in self.on]  # type: ignore[attr-defined]
        self.initial.setdefault("channels", [int(each) for each in standing.wanted])
        self._ask_for("phone", standing.phone, bool(by_phone(self.on)))
        self._ask_for("email", standing.email, Channel.EMAIL in self.on)
        if not self.on:
            del self.fields["channels"]

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        found = identity.phone(typed) if typed else ""
        if found is None:
            raise forms.ValidationError(PHONE_WRONG)
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check("phone", BY_PHONE, _("Isi nomor ponselnya, atau hapus centangnya."))
        self._check("email", (Channel.EMAIL,), _("Isi alamat surelnya, atau hapus centangnya."))
        return data

    @property
    def reach(self) -> Reach:
        given = self.cleaned_data
        return Reach(
            phone=given.get("phone", ""),
            email=given.get("email", ""),
            channels=frozenset(given.get("channels", ())),
            language=get_language() or "id",
        )

    def _ask_for(self, name: str, known: str, is_asked: bool) -> None:
        if not is_asked:
            del self.fields[name]
        elif known:
            said = _("Sekarang %(address)s. Isi hanya bila berganti.")
            self.fields[name].help_text = said % {"address": known}

    def _check(self, name: str, channels: Collection[Channel], missing: str) -> None:
        """What is ticked needs an address; an address that is typed wants to be used."""
        if name not in self.fields or name in self.errors or "channels" in self.errors:
            return
        data, mine = self.cleaned_data, [each for each in channels if each in self.on]
        ticked = set(mine) & set(data["channels"])
        if ticked and not (data[name] or getattr(self.standing, name)):
            self.add_error(name, missing)
        elif data[name] and not ticked:
            data["channels"] = [*data["channels"], *mine]


class DeviceForm(forms.Form):
    """A browser's subscription, as the browser gives it; `stop` ends it."""

    endpoint = forms.URLField(max_length=1000, assume_scheme="https")
    p256dh = forms.CharField(max_length=200)
    auth = forms.CharField(max_length=100)
    stop = forms.BooleanField(required=False)

    def clean_endpoint(self) -> str:
        endpoint: str = self.cleaned_data["endpoint"]
        parts = urlsplit(endpoint)
        # Any other address would be one that somebody makes us call.
        if parts.scheme != "https" or "@" in parts.netloc or not push.is_known(parts.netloc):
            raise forms.ValidationError("not a push service", code="invalid")
        return endpoint

    def clean_p256dh(self) -> str:
        return _key(self.cleaned_data["p256dh"], KEY_BYTES, UNCOMPRESSED)

    def clean_auth(self) -> str:
        return _key(self.cleaned_data["auth"], SECRET_BYTES)

    @property
    def keys(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("p256dh", "auth")}


def _key(text: str, size: int, begins: bytes = b"") -> str:
    """Bytes as base64url without padding; whatever is none could never be encrypted for."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise forms.ValidationError("not a key", code="invalid") from error
    if len(raw) != size or not raw.startswith(begins):
        raise forms.ValidationError("not a key", code="invalid")
    return text
