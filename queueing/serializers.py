"""How malls, queues and numbers are written as JSON, and which bodies are understood."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from agencies.models import Mall
from queueing.figures import BoardNow, QueueNow
from queueing.models import Ticket
from queueing.states import Priority
from services.models import Fee, Service

LARGEST_ID = 2**63 - 1


class Strict(serializers.Serializer[Any]):
    """A body with nothing in it that we do not know: a misspelt field is an error, not ignored."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(self.initial_data) - set(self.fields))
        if unknown:
            sentence = _("Isian tidak dikenal.")
            raise serializers.ValidationError({name: [sentence] for name in unknown})
        return attrs


class TakeNumber(Strict):
    service = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    priority = serializers.ChoiceField(choices=Priority.choices, default=Priority.NONE)


class CallNext(Strict):
    finishing = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class MallSerializer(serializers.ModelSerializer[Mall]):
    region = serializers.CharField(source="region.name")
    zone = serializers.CharField(source="region.zone")

    class Meta:
        model = Mall
        fields = ("slug", "name", "short_name", "kind", "region", "zone", "place_name", "address")


class FeeSerializer(serializers.ModelSerializer[Fee]):
    class Meta:
        model = Fee
        fields = ("name", "amount")


class ServiceSerializer(serializers.ModelSerializer[Service]):
    agency = serializers.CharField(source="presence.agency.name")
    queue = serializers.CharField(source="queue.letter")
    fees = FeeSerializer(many=True)

    class Meta:
        model = Service
        fields = (
            "id",
            "code",
            "name",
            "name_en",
            "agency",
            "queue",
            "minutes",
            "requirements",
            "fees",
            "limits",
        )


def queue_now(row: QueueNow) -> dict[str, Any]:
    return {
        "letter": row.queue.letter,
        "name": row.queue.name,
        "agency": row.queue.presence.agency.name,
        "counters": row.counters,
        "desks_open": row.desks_open,
        "waiting": row.waiting,
        "wait_minutes": {"low": row.wait.low, "high": row.wait.high},
        "remaining": row.remaining,
    }


def call(ticket: Ticket) -> dict[str, Any]:
    """A number as a board shows it: no service, no person."""
    return {
        "number": str(ticket),
        "counter": ticket.counter.number if ticket.counter else None,
        "at": ticket.announced_at,
    }


def board_now(board: BoardNow) -> dict[str, Any]:
    return {
        "version": board.version,
        "calling": call(board.calling) if board.calling else None,
        "recent": [call(ticket) for ticket in board.recent],
        "queues": [queue_now(row) for row in board.queues],
    }


def issued(ticket: Ticket) -> dict[str, Any]:
    """A number as it was given out; nothing in it changes, so a repeated answer is the same."""
    return {
        "number": str(ticket),
        "service": ticket.service_id,
        "priority": ticket.priority,
        "issued_at": ticket.issued_at,
        "token": ticket.visit.token,
        "url": reverse("ticket", args=[ticket.visit.token]),
    }


def called(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.pk,
        "number": str(ticket),
        "service": ticket.service_id,
        "priority": ticket.priority,
        "called_at": ticket.called_at,
    }
