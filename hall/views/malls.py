"""The way to a page of one mall for somebody who looks after several."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from agencies.models import Mall


def choose(request: HttpRequest, malls: list[Mall], *, title: str, route: str) -> HttpResponse:
    """The page of the only mall, or a list to choose from; 404 where there is none."""
    if not malls:
        raise Http404
    if len(malls) == 1:
        return redirect(route, malls[0].slug)
    return render(request, "hall/malls.html", {"malls": malls, "title": title, "route": route})
