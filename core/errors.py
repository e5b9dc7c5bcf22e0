"""Three kinds of wrong: a form error (422), a rule that says no (409), a bug nobody catches."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail
from rest_framework.response import Response
from rest_framework.views import exception_handler


class Refused(Exception):
    """A rule said no. `code` is stable for machines, the sentence is for the person."""

    code = "refused"
    status = 409
    retry_after: int | None = None

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
