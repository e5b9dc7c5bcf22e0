"""Plans to edit, and what was booked to look at: never who it is, and no link."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone

from agencies.admin import Part, Reach, Scoped
from appointments import planning
from appointments.models import (
    Application,
    ArrivalRule,
    Booking,
    BookingEvent,
    Draw,
    Plan,
    Slot,
    Tranche,
    Window,
)
from core import clock
from core.errors import Refused
from queueing.admin import Past
from services.models import Service

if TYPE_CHECKING:
    FormSet = BaseInlineFormSet[Window, Plan, Any]
else:
    FormSet = BaseInlineFormSet


class Windows(FormSet):
    """The windows of a plan, all of which must fit together."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form not in self.deleted_forms]
        rows = [form.instance for form in kept if form.has_changed() or form.instance.pk]
        today = timezone.localdate(clock.now())
        try:
            planning.refuse_overlap(map(planning.window_of, rows), since=today)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal


class TranchePart(Part):
    model = Tranche


class WindowPart(Part):
    model = Window
    formset = Windows


@admin.register(Plan)
class Plans(Scoped):
    """A service that takes reservations, with its windows and when its places come out."""

    inlines = (TranchePart, WindowPart)
    list_display = ("service", "family", "needs_nik", "is_active")
    list_select_related = ("service",)
    list_filter = ("is_active", "needs_nik")
    search_fields = ("service__name", "family")

    def within(self, rows: QuerySet[Plan], reach: Reach) -> QuerySet[Plan]:
        return rows.filter(service__presence__in=reach.presences)

    def choices(self, field: str, reach: Reach) -> QuerySet[Any] | None:
        return Service.objects.filter(presence__in=reach.presences) if field == "service" else None

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        planning.followed(form.instance.service, now=clock.now())


@admin.register(ArrivalRule)
class ArrivalRules(Scoped):
    """How early and late people with a reservation may come to a mall."""

    adds = "malls"
    list_display = ("mall", "early_minutes", "late_minutes")
    list_select_related = ("mall",)

    def within(self, rows: QuerySet[ArrivalRule], reach: Reach) -> QuerySet[ArrivalRule]:
        return rows.filter(mall__in=reach.malls)


@admin.register(Slot)
class Slots(Past):
    path = "service__presence"
    list_display = (
        *("service", "date", "starts_at", "ends_at"),
        *("booked_online", "online", "booked_priority", "priority", "booked_staff", "staff"),
    )
    list_select_related = ("service",)
    date_hierarchy = "date"


@admin.register(Booking)
class Bookings(Past):
    """Without the person: whoever may see that sees it at the counter, masked."""

    path = "service__presence"
    fields = ("service", "slot", "share", "state", "priority", "family", "created_at")
    list_display = ("__str__", "service", "slot", "share", "state", "priority", "created_at")
    list_select_related = ("service", "slot__service")
    list_filter = ("state", "share", "priority")


@admin.register(BookingEvent)
class BookingEvents(Past):
    path = "booking__service__presence"
    fields = ("booking", "move", "origin", "target", "slot", "at", "by")
    list_display = ("booking", "move", "slot", "at", "by")
    list_select_related = ("booking", "slot__service", "by")
    list_filter = ("move",)


@admin.register(Draw)
class Draws(Past):
    path = "service__presence"
    fields = ("service", "date", "opens_at", "closes_at", "commitment", "applied", "seed", "digest")
    list_display = ("service", "date", "closes_at", "applied", "drawn_at", "done_at")
    list_select_related = ("service",)
    date_hierarchy = "date"


@admin.register(Application)
class Applications(Past):
    """Without the person, as with the bookings."""

    path = "service__presence"
    fields = ("service", "date", "state", "priority", "number", "rank", "offers", "created_at")
    list_display = ("service", "date", "state", "number", "rank", "offers", "created_at")
    list_select_related = ("service",)
    list_filter = ("state",)
