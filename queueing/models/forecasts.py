"""What was promised to each person, and what a mall has learned. Only forecasts.py writes it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall
from queueing.models.tickets import Ticket


class Forecast(models.Model):
    """The range of waiting first shown to somebody; scored against the moment of their call."""

    ticket = models.OneToOneField(
        Ticket,
        models.CASCADE,
        primary_key=True,
        related_name="forecast",
        verbose_name=_("tiket"),
    )
    made_at = models.DateTimeField(_("dibuat"))
    low = models.PositiveSmallIntegerField(_("menit paling cepat"))
    high = models.PositiveSmallIntegerField(_("menit paling lama"))
    # Before rounding and widening, in seconds: what tomorrow's widening is worked out from.
    low_seconds = models.PositiveIntegerField(_("detik paling cepat"))
    middle_seconds = models.PositiveIntegerField(_("detik di tengah"))
    high_seconds = models.PositiveIntegerField(_("detik paling lama"))
    # Filled when the number has been called.
    waited_seconds = models.PositiveIntegerField(_("detik sampai dipanggil"), null=True)
    is_hit = models.BooleanField(_("tepat"), null=True)

    class Meta:
        verbose_name = _("perkiraan")
        verbose_name_plural = _("perkiraan")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(low__lte=F("high")), name="forecast_is_a_range"),
            models.CheckConstraint(
                condition=Q(waited_seconds__isnull=True, is_hit__isnull=True)
                | Q(waited_seconds__isnull=False, is_hit__isnull=False),
                name="forecast_scored_whole",
            ),
        ]
        indexes: ClassVar = [
            # What the scorer looks through: those called are no longer in it.
            models.Index(
                fields=["made_at"],
                name="forecast_unscored",
                condition=Q(waited_seconds__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.low}–{self.high}"


class Learned(models.Model):
    """What a mall's own log has taught: durations, no-shows, priority arrivals, and the widening.

    One document per mall, read as a whole; learning.py gives it its form and its defaults.
    """

    mall = models.OneToOneField(
        Mall, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("mal")
    )
    law = models.JSONField(_("hasil"))
    at = models.DateTimeField(_("dipelajari"))

    class Meta:
        verbose_name = _("yang dipelajari")
        verbose_name_plural = _("yang dipelajari")

    def __str__(self) -> str:
        return f"{self.mall_id} {self.at:%Y-%m-%d}"
