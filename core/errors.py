"""Three kinds of wrong: a form error (422), a rule that says no (409), a bug nobody catches."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ErrorDetail
from rest_framework.response import Response
from rest_framework.views import exception_handler

Done = TypeVar("Done")


class Refused(Exception):
    """A rule said no. `code` is stable for machines, the sentence is for the person."""

    code = "refused"
    status = 409
    title: str | Promise = gettext_lazy("Belum Dapat Dilakukan")
    retry_after: int | None = None
    leads_back = True  # to the page on which somebody may try again

    def __init__(self, sentence: str | Promise, *, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return str(self.sentence)


class TooLarge(Refused):
    code = "too_large"
    status = 413


def tried(act: Callable[[], Done], *kinds: type[Refused]) -> Done | Refused:
    """Do something; a refusal of one of these kinds is returned, for a page that keeps its form."""
    try:
        return act()
    except kinds as refusal:
        return refusal


def marked(answer: HttpResponse, refusal: Refused) -> HttpResponse:
    """Say to machines why, and keep what is true for a moment only out of caches."""
    answer["X-Refusal"] = refusal.code
    patch_cache_control(answer, no_store=True)
    if refusal.retry_after:
        answer["Retry-After"] = str(refusal.retry_after)
    return answer


def api_answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Give the API the same refusals as the pages, as JSON; everything else as DRF does."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge(_("Isi permintaan terlalu besar."))
    if not isinstance(error, Refused):
        return _worded(exception_handler(error, context))
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    body = {"code": error.code, "detail": str(error)}
    return Response(body, status=error.status, headers=headers)


def _worded(response: Response | None) -> Response | None:
    """The errors of the framework in the same words: a code, a sentence, and the wrong fields."""
    if response is None:
        return None
    detail = response.data.get("detail") if isinstance(response.data, dict) else None
    if isinstance(detail, ErrorDetail):
        response.data = {"code": detail.code, "detail": str(detail)}
    else:
        sentence = _("Ada isian yang salah.")
        response.data = {"code": "invalid", "detail": sentence, "fields": response.data}
    return response
