"""The same queue for programs: reading is open like the boards, calling needs a session."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import ParseError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from agencies.access import public_mall, public_malls
from core import clock
from hall import record
from queueing import access, admission, figures, forecasts, serializers, tickets
from queueing.models import Ticket
from queueing.states import Priority
from services.models import Service

LONGEST_KEY = 64


@login_not_required
@api_view(["GET"])
@permission_classes([AllowAny])
def malls(request: Request) -> Response:
    return Response(serializers.MallSerializer(public_malls(), many=True).data)


@login_not_required
@api_view(["GET"])
@permission_classes([AllowAny])
def services(request: Request, slug: str) -> Response:
    offered = Service.objects.offered().filter(presence__mall=public_mall(slug))
    listed = offered.select_related("presence__agency", "queue").prefetch_related("fees")
    return Response(serializers.ServiceSerializer(listed.order_by("pk"), many=True).data)


@login_not_required
@api_view(["GET"])
@permission_classes([AllowAny])
def queues(request: Request, slug: str) -> Response:
    now = clock.now()
    rows = figures.queues_now(public_mall(slug), now=now)
    return Response({"at": now, "queues": [serializers.queue_now(row) for row in rows]})


@login_not_required
@api_view(["GET"])
@permission_classes([AllowAny])
def board(request: Request, slug: str) -> HttpResponse:
    mall = public_mall(slug)
    etag = f'"{record.version_of(mall.pk)}"'
    known = get_conditional_response(cast(HttpRequest, request), etag=etag)
    if known is not None:
        return known
    picture = figures.board(mall, now=clock.now())
    headers = {"ETag": f'"{picture.version}"', "Cache-Control": "no-cache"}
    return Response(serializers.board_now(picture), headers=headers)


@login_not_required
@api_view(["POST"])
@permission_classes([AllowAny])
def take_number(request: Request, slug: str) -> Response:
    mall, key = public_mall(slug), _key(request)
    admission.screen(access.kiosk_of(request, mall), mall)
    body = _read(serializers.TakeNumber(data=request.data))
    offer = access.offer_at(mall, body["service"])
    priority = Priority(body["priority"])
    pk = tickets.issue(offer.service_id, priority=priority, now=clock.now(), key=key)
    ticket = Ticket.objects.with_names().get(pk=pk)
    forecasts.promise(ticket, now=clock.now())
    return Response(serializers.issued(ticket), status=201)


@login_not_required  # strangers get JSON from the permission, not the page of the sign-in
@api_view(["POST"])
def call_next(request: Request, pk: int) -> Response:
    now, key, officer = clock.now(), _key(request), cast(User, request.user)
    counter = access.counter_for(officer, pk, now=now)
    finishing = _read(serializers.CallNext(data=request.data)).get("finishing")
    if finishing is not None:
        access.ticket_at(counter, finishing, now=now)
    called = tickets.call_next(counter, by=officer, now=now, key=key, finishing=finishing)
    if called is None:
        return Response({"ticket": None})
    ticket = Ticket.objects.select_related("day__queue").get(pk=called)
    return Response({"ticket": serializers.called(ticket)})


def _read(body: serializers.Strict) -> dict[str, Any]:
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _key(request: Request) -> UUID:
    """The key that makes a repeated request one effect; every writing request carries one."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise ParseError(_("Kirim kepala Idempotency-Key berisi UUID."), code="key_missing")
    try:
        return UUID(key if len(key) <= LONGEST_KEY else "")
    except ValueError:
        raise ParseError(_("Idempotency-Key harus berupa UUID."), code="key_invalid") from None
