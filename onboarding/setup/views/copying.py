"""Taking over from another mall: what would be added first, then the copy."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.requests import UserRequest
from agencies.access import public_malls
from agencies.models import Mall
from core import clock
from hall.forms import typed
from onboarding.setup import access, copying
from onboarding.setup.forms.copying import CopyForm
from onboarding.setup.views.common import mall_of, page, read_or_send


@read_or_send
@never_cache
def copy(request: UserRequest, slug: str) -> HttpResponse:
    mall, now = mall_of(request, slug), clock.now()
    form = CopyForm(typed(request), sources=_sources(request, mall))
    if not form.is_valid() or request.POST.get("do") == "edit":
        return page(request, mall, "onboarding/setup_copy.html", form)
    source, parts = form.cleaned_data["source"], form.cleaned_data["parts"]
    if request.POST.get("do") != "save":
        lines = copying.preview(source, mall, parts, now=now)
        new = sum(len(each.added) for each in lines)
        return page(
            request, mall, "onboarding/setup_copy.html", form, lines=lines, source=source, new=new
        )
    count = copying.copy(source, mall, parts, by=request.user, now=now)
    said = ngettext("%(count)d hal disalin.", "%(count)d hal disalin.", count)
    messages.success(request, said % {"count": count} if count else _("Semuanya sudah ada."))
    return redirect("setup", slug)


def _sources(request: UserRequest, mall: Mall) -> QuerySet[Mall]:
    """Their own malls, and those that everybody sees: what is copied is public there."""
    own = access.malls_for_setup(request.user, now=clock.now())
    known = Mall.objects.filter(pk__in=own.values("pk")) | Mall.objects.filter(
        pk__in=public_malls().values("pk")
    )
    return known.exclude(pk=mall.pk).select_related("region").order_by("name")
