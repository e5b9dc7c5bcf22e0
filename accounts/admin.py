"""The door of the admin, and the accounts behind it; only operators make accounts."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from core import clock
from core.lookups import ListedLookups


@login_not_required
def login(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Send strangers to the portal's own sign-in; whoever is signed in has no business here."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or "/admin/")


admin.site.login = login  # type: ignore[method-assign]  # one way in for everybody
admin.site.site_header = _("Data Rujukan MPP")
admin.site.site_title = _("Data Rujukan MPP")
admin.site.index_title = _("Pengelolaan data rujukan")
admin.site.site_url = "/petugas/"
admin.site.unregister(Group)


@admin.register(User)
class Users(ListedLookups, UserAdmin):  # type: ignore[type-arg]  # only the stubs know a parameter
    """Accounts of the staff; what they may do is said by their assignments."""

    list_display = ("username", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    filter_horizontal = ()
    readonly_fields = ("new_password", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "new_password")}),
        (_("Orang"), {"fields": ("first_name", "last_name", "email")}),
        (_("Izin masuk"), {"fields": ("is_active", "is_staff", "last_login")}),
    )

    @admin.display(description=_("sandi"))
    def new_password(self, user: User) -> str:
        """A stored password is never shown, not even as its hash."""
        return format_html('<a href="../password/">{}</a>', _("Ganti sandi"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users = super().get_queryset(request)
        return users if is_superuser(request) else users.filter(is_superuser=False)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_operator(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return is_operator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_operator(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return is_operator(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # What somebody once did keeps its author; an account is switched off instead.
        return False


def is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


def is_operator(request: HttpRequest) -> bool:
    """Whether this is an operator, or the first account of an installation."""
    if not isinstance(request.user, User):
        return False
    held = request.user.assignments.valid(timezone.localdate(clock.now()))
    return request.user.is_superuser or held.filter(role=Role.OPERATOR).exists()
