"""Reference data of malls and agencies: everybody edits what lies within their assignments."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Act
from agencies import access, territory
from agencies.models import (
    Agency,
    Assignment,
    Counter,
    CounterDay,
    DatedHours,
    Holiday,
    Mall,
    OpeningHours,
    Presence,
    Region,
)
from agencies.rota_forms import CounterDayForm, CounterDayForms
from core import clock
from core.lines import LinesField
from core.lookups import ListedLookups

# Only the stubs know the parameters of these; Django itself has none.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin, TabularInline, ModelForm = admin.ModelAdmin, admin.TabularInline, forms.ModelForm


MOST_DIGITS = 18  # of a key; 64 bits hold them


@dataclass(frozen=True)
class Reach:
    """Where somebody may edit reference data."""

    is_national: bool
    malls: QuerySet[Mall]  # with everything in them
    presences: QuerySet[Presence]


def reach_of(request: HttpRequest) -> Reach:
    """The reach of whoever asks, worked out once for a request."""
    known = getattr(request, "reference_reach", None)
    if known is None:
        known = _reach_of(request)
        request.reference_reach = known  # type: ignore[attr-defined]  # lives as long as it does
    return known


def _reach_of(request: HttpRequest) -> Reach:
    user, on = request.user, timezone.localdate(clock.now())
    if not isinstance(user, User) or not user.is_active:
        return Reach(False, Mall.objects.none(), Presence.objects.none())
    if user.is_superuser or access.is_national(user, Act.EDIT_REFERENCE, on=on):
        return Reach(True, Mall.objects.all(), Presence.objects.all())
    return Reach(
        False,
        access.whole_malls_for(user, Act.EDIT_REFERENCE, on=on),
        access.presences_for(user, Act.EDIT_REFERENCE, on=on),
    )


class Scoped(ListedLookups, ModelAdmin):
    """Rows within the reach of whoever asks; a row outside does not exist.

    A subclass says which rows these are, and which choices a foreign key then has.
    """

    adds = "presences"  # what somebody must have in reach to add a row: presences, malls, nation
    deletes = False  # rows others refer to are switched off, not deleted

    def within(self, rows: QuerySet[Any], reach: Reach) -> QuerySet[Any]:
        raise NotImplementedError

    def choices(self, field: str, reach: Reach) -> QuerySet[Any] | None:
        """The rows a foreign key may point to; None leaves them as they are."""
        return {"mall": reach.malls, "presence": reach.presences}.get(field)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.within(super().get_queryset(request), reach_of(request))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        # Django does not mind the range of a key that is a foreign key too.
        is_possible = len(object_id) <= MOST_DIGITS
        found = super().get_object(request, object_id, from_field) if is_possible else None
        if found is None:
            raise Http404
        return found

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        rows = self.choices(db_field.name, reach_of(request))
        if rows is not None:
            kwargs["queryset"] = rows
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._reaches(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._reaches(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        reach = reach_of(request)
        needed = {"presences": reach.presences, "malls": reach.malls}.get(self.adds)
        return reach.is_national or (needed is not None and needed.exists())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletes and self._reaches(request, obj)

    def _reaches(self, request: HttpRequest, obj: Any) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return self.get_queryset(request).filter(pk=obj.pk).exists()


class National(Scoped):
    """What holds for the whole nation; operators only."""

    adds = "nation"

    def within(self, rows: QuerySet[Any], reach: Reach) -> QuerySet[Any]:
        return rows if reach.is_national else rows.none()


class Part(TabularInline):
    """Rows edited on the page of another, by whoever may edit that page."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "presence":
            kwargs["queryset"] = reach_of(request).presences.select_related("mall", "agency")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class WeeklyPart(Part):
    model = OpeningHours
    fields = ("weekday", "opens", "break_from", "break_until", "closes")


class DatedPart(Part):
    model = DatedHours
    fields = (
        *("reason", "from_date", "until_date", "weekday"),
        *("opens", "break_from", "break_until", "closes", "overrides_holidays"),
    )


class CounterDayPart(Part):
    """What an agreement promises is seen here and changed by an agreement."""

    model = CounterDay
    form = CounterDayForm
    formset = CounterDayForms
    fields = ("presence", "weekday", "from_date", "until_date", "break_from", "break_until", "term")
    readonly_fields = ("term",)


class MallForm(ModelForm):
    facilities = LinesField(label=_("Fasilitas"), required=False)
    example_fields = LinesField(label=_("Isian contoh"), required=False)


@admin.register(Mall)
class Malls(Scoped):
    """A mall with its hours; where it belongs and how far it has come is said by operators."""

    adds = "nation"
    form = MallForm
    inlines = (WeeklyPart, DatedPart)
    list_display = ("name", "kind", "stage", "region")
    list_select_related = ("region",)
    search_fields = ("name", "short_name")

    def within(self, rows: QuerySet[Mall], reach: Reach) -> QuerySet[Mall]:
        return rows.filter(pk__in=reach.malls)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reach_of(request).malls.exists()

    def has_view_permission(self, request: HttpRequest, obj: Mall | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Mall | None = None) -> bool:
        malls = reach_of(request).malls
        return malls.exists() if obj is None else malls.filter(pk=obj.pk).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Mall | None = None) -> tuple[str, ...]:
        # Where a mall stands follows from its milestones, which no form writes over.
        stands = ("stage", "suspended_from", "suspended_for") if obj else ()
        fixed = () if reach_of(request).is_national else ("region", "slug", "kind", "stage")
        return tuple(dict.fromkeys((*fixed, *stands)))


class PresenceForm(ModelForm):
    example_fields = LinesField(label=_("Isian contoh"), required=False)


@admin.register(Presence)
class Presences(Scoped):
    """An agency at a mall; the mall lets it in, the agency says how it is called."""

    adds = "malls"
    form = PresenceForm
    list_display = ("board_name", "agency", "mall", "place", "is_active")
    list_select_related = ("agency", "mall")
    list_filter = ("is_active",)
    search_fields = ("board_name", "agency__name")

    def within(self, rows: QuerySet[Presence], reach: Reach) -> QuerySet[Presence]:
        return rows.filter(pk__in=reach.presences)

    def has_view_permission(self, request: HttpRequest, obj: Presence | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Presence | None = None) -> bool:
        mine = reach_of(request).presences
        return mine.exists() if obj is None else mine.filter(pk=obj.pk).exists()

    def get_readonly_fields(
        self, request: HttpRequest, obj: Presence | None = None
    ) -> tuple[str, ...]:
        # Numbers hang on it: an agency does not move to another mall by a click.
        return ("mall", "agency") if obj else ()


@admin.register(Counter)
class Counters(Scoped):
    """The counters of a mall, and on which weekday each belongs to whom."""

    adds = "malls"
    inlines = (CounterDayPart,)
    list_display = ("number", "mall", "place", "is_active")
    list_select_related = ("mall",)
    list_filter = ("is_active",)
    search_fields = ("number", "place")

    def within(self, rows: QuerySet[Counter], reach: Reach) -> QuerySet[Counter]:
        return rows.filter(mall__in=reach.malls)


@admin.register(Region)
class Regions(National):
    list_display = ("code", "name", "province", "zone")
    search_fields = ("code", "name")


@admin.register(Agency)
class Agencies(National):
    list_display = ("name", "short_name", "category")
    list_filter = ("category",)
    search_fields = ("name", "short_name")


@admin.register(Holiday)
class Holidays(National):
    deletes = True
    list_display = ("day", "name", "is_joint_leave")
    list_filter = ("is_joint_leave",)
    date_hierarchy = "day"


class AssignmentForm(ModelForm):
    """A province is chosen, not typed: another spelling would reach no mall."""

    province = forms.ChoiceField(label=_("provinsi"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One that is in the list no more stays as it is until somebody chooses another.
        names = sorted({*territory.provinces_in_use(), self.instance.province} - {""})
        choices = [("", "---------"), *((name, name) for name in names)]
        self.fields["province"].choices = choices  # type: ignore[attr-defined]


@admin.register(Assignment)
class Assignments(National):
    """Who has which role where. Only operators appoint."""

    form = AssignmentForm
    deletes = True
    autocomplete_fields: ClassVar = ("user",)
    list_display = ("user", "role", "mall", "agency", "province", "until")
    list_select_related = ("user", "mall", "agency")
    list_filter = ("role",)
    search_fields = ("user__username", "user__first_name")
