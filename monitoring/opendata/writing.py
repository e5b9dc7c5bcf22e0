"""Open files as they are sent: to any page on the web, with the mark of their content."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TypeVar, cast

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from core import tables
from core.errors import Refused, marked
from monitoring import definitions
from monitoring.opendata import SCHEMA, licences, live
from monitoring.opendata.datasets import Dataset, Found

KEPT = 3600  # seconds for which a copy may be used without asking again
Response = TypeVar("Response", bound=HttpResponseBase)


def as_csv(request: HttpRequest, dataset: Dataset, found: Found) -> HttpResponseBase:
    """A file as CSV, or that it has not changed."""
    titles = [column.name for column in dataset.columns]
    return _conditional(
        request, found, "csv", lambda: tables.csv_response(dataset.name, titles, found.rows)
    )


def as_json(request: HttpRequest, dataset: Dataset, found: Found) -> HttpResponseBase:
    """The same rows as JSON, each with the names of its columns."""
    lines = _json(dataset, found)
    return _conditional(
        request,
        found,
        "json",
        lambda: StreamingHttpResponse(lines, content_type="application/json"),
    )


def now(request: HttpRequest, answer: live.Answer) -> HttpResponseBase:
    """What goes on now."""
    etag = f'W/"{answer.mark[:32]}"'
    known = _unchanged(request, etag)
    licence = licences.usual()._asdict()
    body = {"dataset": "sekarang", "version": SCHEMA, "licence": licence, "at": answer.at}
    sent = known or JsonResponse(body | {"rows": answer.malls})
    sent["ETag"] = etag
    sent["Cache-Control"] = f"public, max-age={live.EVERY}"
    return _shared(sent)


def refused(refusal: Refused) -> HttpResponse:
    """Why there is no file, for the program that asked."""
    body = {"code": refusal.code, "detail": str(refusal)}
    return marked(_shared(JsonResponse(body, status=refusal.status)), refusal)


def _conditional(
    request: HttpRequest, found: Found, form: str, send: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    # Names may change without a new count: only the mark says whether a copy is still the same.
    etag = f'"{found.mark[:32]}-{form}"'
    sent = _unchanged(request, etag) or send()
    sent["ETag"] = etag
    if found.counted_at is not None:
        sent["Last-Modified"] = http_date(found.counted_at.timestamp())
    sent["Cache-Control"] = f"public, max-age={KEPT}"
    return _shared(sent)


def _unchanged(request: HttpRequest, etag: str) -> HttpResponseBase | None:
    if "If-None-Match" not in request.headers:
        return None
    known = get_conditional_response(request, etag=etag)
    return cast(HttpResponseBase | None, known)


def _shared(response: Response) -> Response:
    """Pages of other sites may read it."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _json(dataset: Dataset, found: Found) -> Iterator[str]:
    """The head, then a line for each row, so that a long file never lies in memory."""
    names = [column.name for column in dataset.columns]
    usual = licences.usual()
    others = {mall.slug: licences.of_mall(mall) for mall in found.malls}
    head = {
        "dataset": dataset.name,
        "version": SCHEMA,
        "definitions": definitions.VERSION,
        "licence": usual._asdict(),
        "licences": {slug: each._asdict() for slug, each in others.items() if each != usual},
        "columns": names,
    }
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "rows": ['
    before = "\n"
    for row in found.rows:
        line = dict(zip(names, row, strict=True))
        yield before + json.dumps(line, ensure_ascii=False, default=_number)
        before = ",\n"
    yield "\n]}\n"


def _number(value: object) -> float:
    assert isinstance(value, Decimal)  # noqa: S101 - nothing else is in a row
    return float(value)
