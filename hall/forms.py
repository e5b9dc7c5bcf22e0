"""What the people who run a hall type: devices, announcements, and until when something holds."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter, Mall, Presence
from hall.models import Announcement, Device

if TYPE_CHECKING:
    DeviceModelForm = forms.ModelForm[Device]
else:
    DeviceModelForm = forms.ModelForm

CLOCK = "clock"
MINUTES = [
    ("15", _("15 menit")),
    ("30", _("30 menit")),
    ("60", _("1 jam")),
    ("120", _("2 jam")),
    ("240", _("4 jam")),
    (CLOCK, _("Sampai pukul …")),
]
LARGEST = 2**63 - 1


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent with a form, None when the page is only read."""
    return request.POST if request.method == "POST" else None


class TimeField(forms.TimeField):
    """A time of day; people write it with a full stop, browsers with a colon."""

    widget = forms.TimeInput(attrs={"type": "time"})

    def to_python(self, value: Any) -> time | None:
        return super().to_python(value.replace(".", ":") if isinstance(value, str) else value)


class Until(forms.Form):
    """For how long something holds: some minutes, or up to a time of today at the mall."""

    minutes = forms.ChoiceField(label=_("Berlaku selama"), choices=MINUTES, initial="30")
    until = TimeField(
        label=_("Sampai pukul"),
        required=False,
        help_text=_("Hanya bila Anda memilih “Sampai pukul …”."),
    )

    def __init__(self, *args: Any, mall: Mall, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mall, self.now, self.ends_at = mall, now, now

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        minutes, until = data.get("minutes", "0"), data.get("until")
        if minutes != CLOCK:
            self.ends_at = self.now + timedelta(minutes=int(minutes))
        elif until:
            today = self.now.astimezone(self.mall.zone).date()
            self.ends_at = datetime.combine(today, until, tzinfo=self.mall.zone)
            if self.ends_at <= self.now:
                self.add_error("until", _("Jam itu sudah lewat hari ini."))
        elif "until" not in self.errors:
            self.add_error("until", _("Isi jamnya, misalnya 14.30."))
        return data


class AnnouncementForm(Until):
    """A sentence of the house and who is to read it."""

    text = forms.CharField(
        label=_("Pengumuman"),
        max_length=Announcement.text.field.max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Satu kalimat, paling panjang 160 huruf. Tanpa nama orang."),
    )
    text_en = forms.CharField(
        label=_("Dalam bahasa Inggris"),
        max_length=Announcement.text_en.field.max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "en"}),
        help_text=_("Boleh dikosongkan."),
    )
    on_boards = forms.BooleanField(label=_("Papan antrean"), required=False, initial=True)
    on_phones = forms.BooleanField(label=_("Ponsel semua yang menunggu"), required=False)
    is_running = forms.BooleanField(label=_("Sebagai teks berjalan di papan"), required=False)
    # Each form has its own, so that a double tap says it once.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    field_order = ("text", "text_en", "on_boards", "on_phones", "is_running")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not (data.get("on_boards") or data.get("on_phones")):
            self.add_error("on_boards", _("Pilih paling sedikit satu pembaca."))
        return data

    @property
    def what(self) -> dict[str, Any]:
        """The sentence and its readers, as the rule wants them."""
        return {name: self.cleaned_data[name] for name in self.field_order}


class DeviceForm(DeviceModelForm):
    """A new device: what it is and what it is called."""

    class Meta:
        model = Device
        fields: ClassVar = ["kind", "name"]
        widgets: ClassVar = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, mall: Mall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.mall = mall
        if "kind" in self.fields:
            self.fields["kind"].choices = Device.Kind.choices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        others = Device.objects.filter(mall=self.instance.mall_id).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("Nama itu sudah dipakai perangkat lain di mal ini."))
        return name


class SettingsForm(DeviceForm):
    """The name of a device and what its kind can be told."""

    OF_KIND: ClassVar = {
        Device.Kind.BOARD: ["zone", "presence", "theme", "voice", "speaks_english"],
        Device.Kind.PRINTER: ["kiosk"],
        Device.Kind.KIOSK: [],
    }

    class Meta:
        model = Device
        fields: ClassVar = [
            *("name", "zone", "presence", "theme", "voice", "speaks_english", "kiosk"),
        ]

    def __init__(self, *args: Any, mall: Mall, **kwargs: Any) -> None:
        super().__init__(*args, mall=mall, **kwargs)
        wanted = self.OF_KIND[Device.Kind(self.instance.kind)]
        for name in [name for name in self.fields if name not in {"name", *wanted}]:
            del self.fields[name]
        if "zone" in wanted:
            self._offer_places(mall)
        if "kiosk" in wanted:
            kiosks = Device.objects.filter(mall=mall, kind=Device.Kind.KIOSK)
            self.fields["kiosk"].queryset = kiosks  # type: ignore[attr-defined]

    def _offer_places(self, mall: Mall) -> None:
        counters = Counter.objects.filter(mall=mall, is_active=True).exclude(place="")
        places = sorted({*counters.order_by().values_list("place", flat=True), self.instance.zone})
        zone = self.fields["zone"]
        self.fields["zone"] = forms.ChoiceField(
            label=zone.label,
            help_text=zone.help_text,
            required=False,
            choices=[("", _("Semua letak")), *((place, place) for place in places if place)],
        )
        presences = Presence.objects.filter(mall=mall, is_active=True).select_related("agency")
        chosen = self.fields["presence"]
        chosen.queryset = presences  # type: ignore[attr-defined]
        chosen.empty_label = _("Semua instansi")  # type: ignore[attr-defined]
        chosen.label_from_instance = lambda each: each.board_name  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    """The code that somebody in front of a screen reads from paper."""

    code = forms.CharField(
        label=_("Kode perangkat"),
        max_length=40,
        help_text=_("Delapan huruf dan angka dari admin mal, misalnya AB2C D3EF."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class BeatForm(forms.Form):
    """What a device says of itself; anything else than a version says only that it lives."""

    version = forms.IntegerField(min_value=0, max_value=LARGEST, required=False)

    @property
    def shown(self) -> int | None:
        version: int | None = self.cleaned_data.get("version") if self.is_valid() else None
        return version
