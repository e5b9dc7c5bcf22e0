"""Queues and services: of many agencies on one page, and those of one agency."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from agencies.models import Presence
from onboarding import fields
from onboarding.setup.arranging.queues import NewQueue, NewService, QueueAs, ServiceAs
from onboarding.setup.forms.starting import NewForm
from services.models import Queue, Service

USUAL = 10  # minutes at the counter, where none are written
LINE = re.compile(r"(.+?)\s*[|;\t]\s*(\d{1,3})(?:\s*(?:menit|mnt|min)?\.?)?\s*")
NEW = 4  # rows for services of one agency
MOST = 60  # services in one text
LETTER = Queue.letter.field.validators


class ServicesField(forms.CharField):
    """Services as lines: "KTP-el | 10" becomes a name and minutes."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        text = fields.without_nul(super().to_python(value) or "")
        lines = [each.strip() for each in text.splitlines()]
        found = [_service(line) for line in lines if line]
        if len(found) > MOST:
            raise forms.ValidationError(_("Paling banyak 60 layanan sekali simpan."))
        return found


def _service(line: str) -> tuple[str, int]:
    written = LINE.fullmatch(line)
    name, minutes = (written[1], int(written[2])) if written else (line, USUAL)
    if not 1 <= minutes <= 240:
        raise forms.ValidationError(
            _("“%(name)s”: isi 1 sampai 240 menit."), params={"name": name[:40]}
        )
    if len(name) > (Service.name.field.max_length or 0):
        raise forms.ValidationError(
            _("“%(name)s…” terlalu panjang: paling panjang 120 huruf."), params={"name": name[:40]}
        )
    return name, minutes


@dataclass(frozen=True)
class Row:
    """An agency of the page: the fields of its first queue unless it has one, and its services."""

    presence: Presence
    queues: tuple[Queue, ...]
    services: int
    letter: BoundField | None
    name: BoundField | None
    lines: BoundField


class QueuesForm(NewForm):
    """A first queue for each agency without one, and services for any of them."""

    def __init__(
        self,
        *args: Any,
        presences: Iterable[Presence],
        queues: Iterable[Queue],
        services: Iterable[Service],
        letters: Iterator[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.presences = list(presences)
        self.queues: dict[int, list[Queue]] = {each.pk: [] for each in self.presences}
        self.services = dict.fromkeys(self.queues, 0)
        for queue in queues:
            self.queues.get(queue.presence_id, []).append(queue)
        for service in services:
            if service.presence_id in self.services:
                self.services[service.presence_id] += 1
        for each in self.presences:
            self._add(each, letters)

    def _add(self, presence: Presence, letters: Iterator[str]) -> None:
        if not self.queues[presence.pk]:
            self.fields[f"letter_{presence.pk}"] = letter(next(letters, ""))
            self.fields[f"name_{presence.pk}"] = forms.CharField(
                label=_("Nama antrean"), max_length=80, initial=presence.agency.short_name
            )
        self.fields[f"lines_{presence.pk}"] = ServicesField(
            label=_("Layanan baru"), required=False, max_length=8_000
        )

    def rows(self) -> list[Row]:
        return [
            Row(
                each,
                tuple(self.queues[each.pk]),
                self.services[each.pk],
                self._field("letter", each),
                self._field("name", each),
                self[f"lines_{each.pk}"],
            )
            for each in self.presences
        ]

    def _field(self, name: str, presence: Presence) -> BoundField | None:
        full = f"{name}_{presence.pk}"
        return self[full] if full in self.fields else None

    @property
    def new_queues(self) -> list[NewQueue]:
        data = self.cleaned_data
        return [
            NewQueue(each.pk, data[f"letter_{each.pk}"], data[f"name_{each.pk}"])
            for each in self.presences
            if f"letter_{each.pk}" in self.fields
        ]

    @property
    def new_services(self) -> list[NewService]:
        return [
            NewService(each.pk, name, minutes)
            for each in self.presences
            for name, minutes in self.cleaned_data[f"lines_{each.pk}"]
        ]


class CapitalsField(forms.CharField):
    """Letters, however they were typed."""

    def to_python(self, value: Any) -> Any:
        return (super().to_python(value) or "").upper()


def letter(initial: str = "", *, required: bool = True) -> forms.CharField:
    """The letter of a queue."""
    return CapitalsField(
        label=_("Huruf"),
        max_length=2,
        initial=initial,
        required=required,
        validators=[each for each in LETTER if hasattr(each, "regex")],
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "size": 3}),
    )


def _minutes(initial: int | None = None, *, required: bool = True) -> forms.IntegerField:
    said = dict.fromkeys(
        ("required", "invalid", "min_value", "max_value"), _("Isi 1 sampai 240 menit.")
    )
    return forms.IntegerField(
        label=_("Menit"),
        min_value=1,
        max_value=240,
        initial=initial,
        required=required,
        error_messages=said,
    )


def quota(initial: int | None = None) -> forms.IntegerField:
    """How many numbers a queue gives out in a day; without one there is no end."""
    return forms.IntegerField(
        label=_("Kuota per hari"), min_value=1, max_value=9_999, initial=initial, required=False
    )


class AgencyForm(NewForm):
    """All queues and services of one agency, with room for some more."""

    OF_QUEUE = ("letter", "queue", "quota", "open")
    OF_SERVICE = ("service", "minutes", "line", "offered")
    new_letter = letter(required=False)
    new_queue = forms.CharField(label=_("Nama antrean"), max_length=80, required=False)
    new_quota = quota()
    new_lines = ServicesField(label=_("Layanan baru"), required=False, max_length=8_000)

    def __init__(
        self, *args: Any, queues: Iterable[Queue], services: Iterable[Service], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.queues, self.services = list(queues), list(services)
        lines = [(each.pk, str(each)) for each in self.queues]
        for queue in self.queues:
            self.fields |= {
                f"letter_{queue.pk}": letter(queue.letter),
                f"queue_{queue.pk}": _name(_("Nama antrean"), 80, queue.name),
                f"quota_{queue.pk}": quota(queue.daily_quota),
                f"open_{queue.pk}": _tick(_("Dibuka"), queue.is_active),
            }
        for each in self.services:
            self.fields |= {
                f"service_{each.pk}": _name(_("Nama layanan"), 120, each.name),
                f"minutes_{each.pk}": _minutes(each.minutes),
                f"line_{each.pk}": forms.TypedChoiceField(
                    label=_("Antrean"), choices=lines, coerce=int, initial=each.queue_id
                ),
                f"offered_{each.pk}": _tick(_("Ditawarkan"), each.is_active),
            }

    def queue_rows(self) -> list[tuple[Queue, list[BoundField]]]:
        return [(q, [self[f"{name}_{q.pk}"] for name in self.OF_QUEUE]) for q in self.queues]

    def service_rows(self) -> list[tuple[Service, list[BoundField]]]:
        return [(s, [self[f"{name}_{s.pk}"] for name in self.OF_SERVICE]) for s in self.services]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("new_letter")) != bool(data.get("new_queue")):
            self.add_error("new_letter", _("Antrean baru perlu huruf dan namanya."))
        return data

    @property
    def queues_as(self) -> dict[int, QueueAs]:
        return {
            each.pk: QueueAs(*(self.cleaned_data[f"{name}_{each.pk}"] for name in self.OF_QUEUE))
            for each in self.queues
        }

    @property
    def services_as(self) -> dict[int, ServiceAs]:
        return {
            each.pk: ServiceAs(
                *(self.cleaned_data[f"{name}_{each.pk}"] for name in self.OF_SERVICE)
            )
            for each in self.services
        }

    def new_queues(self, presence: Presence) -> list[NewQueue]:
        data = self.cleaned_data
        if not data["new_letter"]:
            return []
        return [NewQueue(presence.pk, data["new_letter"], data["new_queue"], data["new_quota"])]

    def new_services(self, presence: Presence) -> list[NewService]:
        return [NewService(presence.pk, *each) for each in self.cleaned_data["new_lines"]]


def _name(label: Any, most: int, initial: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, initial=initial)


def _tick(label: Any, initial: bool) -> forms.BooleanField:
    return forms.BooleanField(label=label, initial=initial, required=False)
