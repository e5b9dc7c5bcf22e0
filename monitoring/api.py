"""Reports for programs: the frozen content as it is, read only."""

from typing import cast

from django.contrib.auth.decorators import login_not_required
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core import clock
from monitoring.reports import access
from monitoring.states import State


@login_not_required  # strangers get JSON from the permission, not the page of the sign-in
@api_view(["GET"])
def report(request: Request, pk: int) -> Response:
    found = access.frozen_for(cast(User, request.user), pk, now=clock.now())
    body = {
        "version": found.version,
        "state": State(found.state).name.lower(),
        "checksum": found.checksum,
        "built_at": found.built_at,
        "letter": {
            "number": found.letter_number,
            "signatory": found.signatory,
            "position": found.position,
        },
        "content": found.content,
    }
    return Response(body, headers={"Cache-Control": "private, no-store"})
