"""What the parts of the figures are called on pages, sheets and papers."""

from django.utils.translation import gettext_lazy as _

from agencies.models import Mall, Presence
from monitoring.facts import Channel
from queueing.states import Priority
from services.models import Service

CHANNELS = {
    Channel.KIOSK: _("Mesin antrean"),
    Channel.BOOKED: _("Reservasi"),
    Channel.OFFICER: _("Diberi petugas"),
    Channel.PHONE: _("Ponsel, tanpa kertas"),
    Channel.TRANSFER: _("Dialihkan dari antrean lain"),
}


def channels() -> dict[int, str]:
    """How people came to a number."""
    return {int(channel): str(name) for channel, name in CHANNELS.items()}


def priorities() -> dict[int, str]:
    """The groups that are called first, and everybody else."""
    return {int(group): str(group.label) for group in Priority}


def agencies_of(mall: Mall) -> dict[int, str]:
    """Every agency that is or was at a mall, by its key there."""
    rows = Presence.objects.filter(mall=mall).values_list("pk", "agency__short_name")
    return dict(rows.order_by("agency__short_name"))


def services_of(mall: Mall) -> dict[int, str]:
    """Every service that is or was offered at a mall."""
    rows = Service.objects.filter(presence__mall=mall).values_list("pk", "name")
    return dict(rows.order_by("name"))
