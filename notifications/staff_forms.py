"""What those who look after a mall's messages type."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.forms.fields import InvalidJSONInput
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats, identity
from hall.forms import TimeField
from notifications import phrasing
from notifications.catalogue import KINDS
from notifications.channels import gateway_fields
from notifications.channels.fields import Field
from notifications.channels.registry import FIELDS
from notifications.logs import Wanted
from notifications.messaging import Terms, Way
from notifications.models import Messaging, Wording
from notifications.states import OUTSIDE, Channel, State
from notifications.wording import Words

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)  # nothing was sent beyond them
LARGEST = 2**62
LONGEST = 2_000  # letters of one setting of a provider
PAGES = "semua"  # also what only stands on the pages of the people themselves
MONEY = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}))?")
# A gateway wants much, and most of it has an answer: what is rarely changed stands folded.
SECTIONS = {
    Channel.TEXT: (
        (gettext_lazy("Mengirim"), gateway_fields.SENDING),
        (gettext_lazy("Membaca jawaban gerbang"), gateway_fields.ANSWER),
        (gettext_lazy("Kabar sesudahnya dan pesan masuk"), gateway_fields.REPORTS),
    ),
}
STORED = gettext_lazy("Tersimpan. Kosongkan bila tidak diganti.")


class Rupiah(forms.DecimalField):
    """An amount as people write it here: dots between thousands, a comma before the sen."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal(0), decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = re.sub(r"^rp|\s", "", value.strip(), flags=re.I) if isinstance(value, str) else value
        if text in self.empty_values:
            return None
        found = MONEY.fullmatch(text)
        if found is None or not text.isascii():
            raise forms.ValidationError(_("Tulis seperti 50.000 atau 350,50."))
        return super().to_python(f"{found[1].replace('.', '')}.{found[2] or '0'}")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return formats.rupiah(value).removeprefix("Rp")
        return value


class Object(forms.JSONField):
    """Settings that a provider wants beside the usual ones, as a JSON object."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        try:
            found = super().to_python(value)
            # The database takes neither NUL, nor half a sign, nor numbers without end.
            text = json.dumps(found, ensure_ascii=False, allow_nan=False)
            is_kept = "\\u0000" not in text and bool(text.encode())
        except (RecursionError, ValueError) as error:
            raise forms.ValidationError(self.error_messages["invalid"]) from error
        if found is not None and not (is_kept and isinstance(found, dict)):
            raise forms.ValidationError(_("Isi dengan objek JSON."))
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed is shown as it was typed, whatever it is."""
        return None if data is None else InvalidJSONInput(data)


class AskedForm(forms.Form):
    """Which messages a log is asked for; what makes no sense is not asked."""

    keadaan = forms.ChoiceField(
        label=gettext_lazy("Keadaan"),
        required=False,
        choices=[("", gettext_lazy("Semua keadaan")), *State.choices],
    )
    saluran = forms.ChoiceField(
        label=gettext_lazy("Saluran"),
        required=False,
        choices=[
            ("", gettext_lazy("Semua yang dikirim keluar")),
            *Channel.choices,
            (PAGES, gettext_lazy("Semua, juga halaman pemohon")),
        ],
    )
    jenis = forms.ChoiceField(
        label=gettext_lazy("Pesan"),
        required=False,
        choices=[
            ("", gettext_lazy("Semua pesan")),
            *((name, about.title) for name, about in KINDS.items()),
        ],
    )
    hari = forms.DateField(
        label=gettext_lazy("Hari"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    kontak = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    sebelum = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="f_%s")
        self.full_clean()

    @property
    def wanted(self) -> Wanted:
        asked = self.cleaned_data
        state, channel, day = asked.get("keadaan"), asked.get("saluran"), asked.get("hari")
        return Wanted(
            state=State(int(state)) if state else None,
            channel=Channel(int(channel)) if channel and channel != PAGES else None,
            kind=asked.get("jenis", ""),
            day=day if day and FIRST < day < LAST else None,
            contact_id=asked.get("kontak"),
            with_pages=channel == PAGES,
        )

    @property
    def before(self) -> int | None:
        found: int | None = self.cleaned_data.get("sebelum")
        return found

    def query(self, **more: int) -> str:
        """The same question in an address, of other messages."""
        asked = QueryDict(mutable=True)
        kept = ("keadaan", "saluran", "jenis", "hari", "kontak")
        asked.update({name: str(self.cleaned_data[name]) for name in kept if self._has(name)})
        asked.update({name: str(value) for name, value in more.items()})
        return asked.urlencode()

    def _has(self, name: str) -> bool:
        return bool(self.cleaned_data.get(name))


class PhoneForm(forms.Form):
    """A number to look for; it is sent, so that it stands in no address."""

    phone = forms.CharField(
        label=gettext_lazy("Nomor ponsel penerima"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        found = identity.phone(self.cleaned_data["phone"])
        if found is None:
            raise forms.ValidationError(_("Tulis nomor ponsel seperti 0812 3456 7890."))
        return found


class LikeForm(forms.Form):
    """A message that stands for all that died of the same."""

    seperti = forms.IntegerField(min_value=1, max_value=LARGEST)

    @property
    def pk(self) -> int:
        """Its number; 0 is nobody's."""
        return int(self.cleaned_data["seperti"]) if self.is_valid() else 0


class TermsForm(forms.Form):
    """As whom a mall sends, when not, and for how much a day."""

    sender_name = forms.CharField(
        label=gettext_lazy("Nama pengirim"),
        max_length=Messaging.sender_name.field.max_length,
        required=False,
        help_text=gettext_lazy("Tampil pada surel, dan pada SMS bila penyedianya mendukung."),
    )
    # As browsers fill such a field in, whatever is usual in the language of the page.
    quiet_from = TimeField(
        label=gettext_lazy("Jam tenang dari"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = TimeField(
        label=gettext_lazy("Jam tenang sampai"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    daily_budget = Rupiah(
        label=gettext_lazy("Anggaran sehari (Rp)"),
        required=False,
        max_digits=12,
        help_text=gettext_lazy("Kosongkan bila tanpa batas. Seperlimanya hanya untuk kode."),
    )

    @property
    def terms(self) -> Terms:
        return Terms(**self.cleaned_data)


class MoveForm(forms.Form):
    """Which channel is tried one place earlier or later."""

    channel = forms.TypedChoiceField(
        choices=[(int(each), each.label) for each in OUTSIDE],
        coerce=lambda value: Channel(int(value)),
    )
    ke = forms.ChoiceField(choices=[("naik", ""), ("turun", "")])


def name_of(name: str) -> str:
    """The name of a field apart from our own, whatever a provider calls its own."""
    return f"isi_{name}"


class ProviderForm(forms.Form):
    """A provider of a channel: what its module says that it needs, and what a message costs."""

    is_on = forms.BooleanField(
        label=gettext_lazy("Pakai saluran ini"),
        required=False,
        help_text=gettext_lazy("Bila dimatikan, pesan lewat saluran berikutnya."),
    )
    price = Rupiah(label=gettext_lazy("Biaya per pesan (Rp)"), max_digits=8)

    WIDGETS: ClassVar[dict[str, Any]] = {"autocomplete": "off", "spellcheck": "false"}

    def __init__(self, *args: Any, way: Way, start: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way = way
        self.wanted = {name_of(field.name): field for field in FIELDS[way.channel]}
        self.initial.update({name_of(name): value for name, value in start.items()})
        stored = way.stored
        for name, field in self.wanted.items():
            self.fields[name] = self._made(field, is_stored=field.name in stored)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        # What is switched off may wait for its missing half.
        if data.get("is_on"):
            for name, sentence in self.way.complaints(self.settings, self.secrets).items():
                self._complain(name_of(name), sentence)
        return data

    def sections(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """The provider's own fields under their headings, and whether something there is wrong."""
        channel = self.way.channel
        usual = ((gettext_lazy("Penyedia"), FIELDS[channel]),)
        found = []
        for title, fields in SECTIONS.get(channel, usual):
            bound = [self[name_of(field.name)] for field in fields]
            found.append((title, bound, any(field.errors for field in bound)))
        return found

    @property
    def settings(self) -> dict[str, Any]:
        return {
            field.name: self.cleaned_data[name]
            for name, field in self.wanted.items()
            if not field.is_secret and self.cleaned_data.get(name) not in (None, "")
        }

    @property
    def secrets(self) -> dict[str, str]:
        """What was typed anew; an empty one keeps what is stored."""
        return {
            field.name: self.cleaned_data[name]
            for name, field in self.wanted.items()
            if field.is_secret and self.cleaned_data.get(name)
        }

    @property
    def what(self) -> dict[str, Any]:
        """Everything, as the rule wants it."""
        own = {name: self.cleaned_data[name] for name in ("is_on", "price")}
        return own | {"settings": self.settings, "secrets": self.secrets}

    def _complain(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name if name in self.fields else None, sentence)

    def _made(self, field: Field, *, is_stored: bool) -> forms.Field:
        known: dict[str, Any] = {
            "label": field.label,
            "help_text": field.help,
            "required": False,  # its channel says what it misses, and only while it is used
            "initial": field.initial,
        }
        if field.is_secret:
            widget = forms.PasswordInput(attrs={**self.WIDGETS, "autocomplete": "new-password"})
            known |= {"help_text": STORED} if is_stored else {}
            return forms.CharField(**known, max_length=LONGEST, widget=widget)
        if field.kind == "switch":
            return forms.BooleanField(**known)
        if field.kind == "choice":
            return forms.ChoiceField(**known, choices=field.choices)
        if field.kind == "number":
            return forms.IntegerField(**known, min_value=0, max_value=LARGEST)
        if field.kind == "json":
            return Object(**known, max_length=LONGEST)
        return forms.CharField(
            **known, max_length=LONGEST, widget=forms.TextInput(attrs=self.WIDGETS)
        )


class ToForm(forms.Form):
    """Where a test goes: a number, or an address."""

    to = forms.CharField(
        label=gettext_lazy("Kirim uji ke"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        by_mail = channel == Channel.EMAIL
        self.fields["to"].widget.attrs["inputmode"] = "email" if by_mail else "tel"
        self.fields["to"].help_text = (
            _("Alamat surel Anda sendiri.") if by_mail else _("Nomor ponsel Anda sendiri.")
        )

    def clean_to(self) -> str:
        typed: str = self.cleaned_data["to"]
        if self.channel == Channel.EMAIL:
            return str(forms.EmailField().clean(typed))
        found = identity.phone(typed)
        if found is None:
            raise forms.ValidationError(_("Tulis nomor ponsel seperti 0812 3456 7890."))
        return found


class WordsForm(forms.Form):
    """A kind of message in one language, in other words."""

    subject = forms.CharField(
        label=gettext_lazy("Judul"),
        max_length=Wording.subject.field.max_length,
        help_text=gettext_lazy("Pokok surel, dan judul di peranti dan di halaman pemohon."),
    )
    body = forms.CharField(
        label=gettext_lazy("Isi"),
        max_length=Wording.body.field.max_length,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    template = forms.RegexField(
        r"^[a-z0-9_]*$",
        label=gettext_lazy("Nama templat WhatsApp"),
        max_length=Wording.template_name.field.max_length,
        required=False,
        help_text=gettext_lazy("Seperti yang disetujui WhatsApp, misalnya pengingat_reservasi."),
        error_messages={"invalid": gettext_lazy("Hanya huruf kecil, angka, dan garis bawah.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, kind: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in ("subject", "body"):
            self.fields[name].widget.attrs["lang"] = language

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            for name, sentence in phrasing.complaints(self.kind, self.words).items():
                self.add_error(name, sentence)
        return data

    @property
    def words(self) -> Words:
        known = self.cleaned_data
        return Words(known["subject"], known["body"], known["template"])
