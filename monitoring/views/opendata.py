"""Open data: a page that explains it, files as CSV and JSON, and what goes on now."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock, throttle
from core.errors import Refused, tried
from monitoring.definitions import FEWEST, VERSION
from monitoring.opendata import SCHEMA, asking, columns, licences, live, writing
from monitoring.opendata.asking import NotReadable
from monitoring.opendata.datasets import DATASETS, Dataset, Found

MOST = 60  # files a minute from one address
NOW = "sekarang"


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "datasets": DATASETS.values(),
        "now_columns": columns.NOW,
        "licence": licences.usual(),
        "schema": SCHEMA,
        "version": VERSION,
        "fewest": FEWEST,
        "most": MOST,
        "every": live.EVERY,
        "every_all": live.EVERY_ALL,
        "most_months": asking.MOST_OF_ALL,
    }
    return render(request, "monitoring/open_data.html", context)


@login_not_required
@require_safe
def as_csv(request: HttpRequest, name: str) -> HttpResponseBase:
    return _file(request, _called(name), writing.as_csv)


@login_not_required
@require_safe
def as_json(request: HttpRequest, name: str) -> HttpResponseBase:
    if name != NOW:
        return _file(request, _called(name), writing.as_json)
    found = tried(lambda: _now(request), throttle.TooMany)
    return writing.refused(found) if isinstance(found, Refused) else writing.now(request, found)


def _file(
    request: HttpRequest,
    dataset: Dataset,
    send: Callable[[HttpRequest, Dataset, Found], HttpResponseBase],
) -> HttpResponseBase:
    found = tried(lambda: _found(request, dataset), NotReadable, throttle.TooMany)
    return writing.refused(found) if isinstance(found, Refused) else send(request, dataset, found)


def _found(request: HttpRequest, dataset: Dataset) -> Found:
    _spend(request)
    return dataset.read(asking.parsed(request.GET, now=clock.now()))


def _now(request: HttpRequest) -> live.Answer:
    _spend(request)
    return live.answer(request.GET.get("mal", ""), now=clock.now())


def _spend(request: HttpRequest) -> None:
    throttle.spend("open-data", throttle.address_of(request), most=MOST)


def _called(name: str) -> Dataset:
    if name not in DATASETS:
        raise Http404
    return DATASETS[name]
