"""Reference data of services and queues, edited by the agency or by its mall."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies.admin import ModelForm, Part, Reach, Scoped, reach_of
from agencies.models import Counter, Mall
from core.lines import EntriesField, LinesField
from services.models import CounterQueue, Fee, Queue, Service
from services.standards import GOVERNED


class QueueForm(ModelForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        mall, presence = data.get("mall"), data.get("presence")
        if mall and presence and presence.mall_id != mall.pk:
            raise ValidationError({"mall": _("Instansi itu berada di mal lain.")})
        return data


@admin.register(Queue)
class Queues(Scoped):
    """The letters people stand in line for."""

    form = QueueForm
    list_display = ("letter", "name", "presence", "daily_quota", "is_active")
    list_select_related = ("presence__agency", "presence__mall")
    list_filter = ("is_active",)
    search_fields = ("letter", "name")

    def within(self, rows: QuerySet[Queue], reach: Reach) -> QuerySet[Queue]:
        return rows.filter(presence__in=reach.presences)

    def choices(self, field: str, reach: Reach) -> QuerySet[Any] | None:
        if field == "mall":
            return Mall.objects.filter(presences__in=reach.presences).distinct()
        return super().choices(field, reach)


class CounterQueueForm(ModelForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        counter, queue = data.get("counter"), data.get("queue")
        if counter and queue and counter.mall_id != queue.mall_id:
            raise ValidationError({"counter": _("Loket itu berada di mal lain.")})
        return data


@admin.register(CounterQueue)
class CounterQueues(Scoped):
    """Which counter calls from which queue."""

    deletes = True
    form = CounterQueueForm
    list_display = ("counter", "queue", "rank")
    list_select_related = ("counter", "queue")

    def within(self, rows: QuerySet[CounterQueue], reach: Reach) -> QuerySet[CounterQueue]:
        return rows.filter(queue__presence__in=reach.presences)

    def choices(self, field: str, reach: Reach) -> QuerySet[Any] | None:
        if field == "queue":
            return Queue.objects.filter(presence__in=reach.presences)
        return Counter.objects.filter(days__presence__in=reach.presences).distinct()


def may_write_by_hand(request: HttpRequest, service: Service | None) -> bool:
    """Whether what a standard says may be typed here: by operators, before there is any standard.

    Later it comes from the published standard, and what is typed here would be lost.
    """
    if service is not None and service.standards.exists():
        return False
    return reach_of(request).is_national


class FeePart(Part):
    model = Fee
    fields = ("name", "amount", "rank")

    def has_add_permission(self, request: HttpRequest, obj: Service | None = None) -> bool:
        return may_write_by_hand(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Service | None = None) -> bool:
        return may_write_by_hand(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Service | None = None) -> bool:
        return may_write_by_hand(request, obj)


class ServiceForm(ModelForm):
    keywords = LinesField(label=_("Kata yang dicari orang"), required=False)
    requirements = EntriesField(
        label=_("Persyaratan"),
        required=False,
        help_text=_("Satu syarat setiap baris, catatannya setelah garis tegak: KTP-el | Asli"),
    )
    procedure = LinesField(label=_("Sistem, mekanisme, dan prosedur"), required=False)
    example_fields = LinesField(label=_("Isian contoh"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        presence, queue = data.get("presence"), data.get("queue")
        if presence and queue and queue.presence_id != presence.pk:
            raise ValidationError({"queue": _("Antrean itu milik instansi lain.")})
        return data


@admin.register(Service)
class Services(Scoped):
    """What the register says of a service; what its standard says can only be read here.

    Where a service is booked is said on the portal's own page: its reservations follow at once.
    """

    form = ServiceForm
    inlines = (FeePart,)
    list_display = ("name", "presence", "queue", "minutes", "is_active")
    list_select_related = ("presence__agency", "presence__mall", "queue")
    list_filter = ("is_active",)
    search_fields = ("name", "code")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Service | None = None
    ) -> tuple[str, ...]:
        governed = () if may_write_by_hand(request, obj) else GOVERNED
        return ("booked_with", "booked_at", *governed)

    def within(self, rows: QuerySet[Service], reach: Reach) -> QuerySet[Service]:
        return rows.filter(presence__in=reach.presences)

    def choices(self, field: str, reach: Reach) -> QuerySet[Any] | None:
        if field == "queue":
            return Queue.objects.filter(presence__in=reach.presences)
        return super().choices(field, reach)
