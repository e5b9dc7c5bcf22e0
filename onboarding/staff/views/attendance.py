"""A week of attendance at a mall, agency by agency and officer by officer."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from core import clock
from onboarding.staff import rosters
from onboarding.staff.forms import WeekForm
from onboarding.staff.views.people import realm_of, show
from queueing.access import workday


@require_safe
@never_cache
def week(request: UserRequest, slug: str) -> HttpResponse:
    realm = realm_of(request, slug)
    form = WeekForm(request.GET, realm=realm, today=workday(clock.now()))
    sheet = rosters.sheet(form.wanted, form.monday)
    context = {"form": form, "sheet": sheet, "chosen": form.cleaned_data.get("instansi")}
    return show(request, realm, "onboarding/attendance.html", context)
