"""The survey on the phone of whoever holds a ticket's link."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core import clock
from core.private import private
from feedback import surveys
from feedback.forms import SurveyForm
from hall.forms import typed
from queueing import access


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@private
def survey(request: HttpRequest, token: str) -> HttpResponse:
    now, last = clock.now(), access.own_ticket(token)
    form = SurveyForm(typed(request))
    if form.is_valid():
        surveys.answer(last, form.said, now=now)
        return redirect("survey", token)
    stands = surveys.standing(last, now=now)
    context = {"mall": last.day.mall, "ticket": last, "token": token, "form": form}
    context["stands"] = stands.value
    return render(request, "feedback/survey.html", context, status=422 if form.is_bound else 200)
