"""What happened in the hall and what stands there, to look at; its pages are what changes it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from agencies.admin import Reach, Scoped, reach_of
from hall.models import Alarm, Announcement, Closure, Device, HallEvent


class Seen(Scoped):
    """Rows that only the rules of the hall write."""

    show_full_result_count = False
    path = "mall"  # from a row to its mall

    def within(self, rows: QuerySet[Any], reach: Reach) -> QuerySet[Any]:
        return rows.filter(**{f"{self.path}__in": reach.malls})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return reach_of(request).malls.exists()
        return self.get_queryset(request).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(HallEvent)
class HallEvents(Seen):
    list_display = ("mall", "version", "act", "detail", "by", "at")
    list_select_related = ("mall", "by")
    list_filter = ("act",)


@admin.register(Closure)
class Closures(Seen):
    path = "counter__mall"
    list_display = ("counter", "state", "reason", "requested_by", "until", "decided_by")
    list_select_related = ("counter", "requested_by", "decided_by")
    list_filter = ("state", "reason")


@admin.register(Alarm)
class Alarms(Seen):
    path = "counter__mall"
    list_display = ("counter", "by", "at", "answered_by", "answered_at")
    list_select_related = ("counter", "by", "answered_by")


@admin.register(Announcement)
class Announcements(Seen):
    list_display = ("text", "mall", "begins_at", "ends_at", "by", "withdrawn_at")
    list_select_related = ("mall", "by")


@admin.register(Device)
class Devices(Seen):
    """To look at; a mall looks after its devices on a page of its own."""

    exclude = ("code_hash", "token_hash")  # of use to nobody but their owner
    list_display = ("name", "mall", "kind", "enrolled_at", "seen_at", "revoked_at")
    list_select_related = ("mall",)
    list_filter = ("kind",)
