"""Numbers, visits, events and desks to look at. What happened is never edited here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from agencies.admin import Reach, Scoped, reach_of
from hall.models import Board
from queueing.models import Desk, QueueDay, Ticket, TicketEvent, Visit


class Past(Scoped):
    """Rows that only the rules of the queue write."""

    show_full_result_count = False
    path = ""  # from a row to the agency at the mall, or to the mall
    of_mall = False

    def within(self, rows: QuerySet[Any], reach: Reach) -> QuerySet[Any]:
        wanted: QuerySet[Any] = reach.malls if self.of_mall else reach.presences
        return rows.filter(**{f"{self.path}__in": wanted})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        reach = reach_of(request)
        if obj is None:
            return reach.malls.exists() if self.of_mall else reach.presences.exists()
        return self.get_queryset(request).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Ticket)
class Tickets(Past):
    path = "day__queue__presence"
    exclude = ("visit",)  # its token opens the page of the person
    list_display = ("__str__", "day", "state", "priority", "counter", "issued_at")
    list_select_related = ("day__queue", "counter")
    list_filter = ("state", "priority")


@admin.register(TicketEvent)
class Events(Past):
    path = "ticket__day__queue__presence"
    list_display = ("ticket", "move", "at", "counter", "by", "rule", "reason")
    list_select_related = ("ticket__day__queue", "counter", "by")
    list_filter = ("move", "rule", "reason")


@admin.register(QueueDay)
class QueueDays(Past):
    path = "queue__presence"
    list_display = ("queue", "date", "last_number", "admitted", "closed_at")
    list_select_related = ("queue",)
    date_hierarchy = "date"


@admin.register(Visit)
class Visits(Past):
    path, of_mall = "mall", True
    exclude = ("token",)  # whoever has it has the number
    list_display = ("pk", "mall", "created_at")
    list_select_related = ("mall",)


@admin.register(Desk)
class Desks(Past):
    path, of_mall = "counter__mall", True
    list_display = ("counter", "officer", "since", "on_break")
    list_select_related = ("counter", "officer")


@admin.register(Board)
class Boards(Past):
    path, of_mall = "mall", True
    list_display = ("mall", "version")
    list_select_related = ("mall",)
