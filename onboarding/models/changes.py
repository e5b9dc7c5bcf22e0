"""What is to be called or counted otherwise at a mall from a day on."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter, Mall
from services.models import Queue


class PlannedChange(models.Model):
    """Another number, letter, name or ratio from a day on; arranging/changes.py writes it.

    It is made at the start of that day, before the first number is given out. What was planned and
    made stays as history; what is taken back before its day goes.
    """

    class Kind(models.TextChoices):
        COUNTER = "counter", _("Loket")
        QUEUE = "queue", _("Antrean")
        ZONE = "zone", _("Zona")
        RATIO = "ratio", _("Prioritas")

    mall = models.ForeignKey(
        Mall, models.CASCADE, related_name="planned_changes", verbose_name=_("mal")
    )
    kind = models.CharField(_("jenis"), max_length=7, choices=Kind)
    counter = models.ForeignKey(
        Counter,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="planned_changes",
        verbose_name=_("loket"),
    )
    queue = models.ForeignKey(
        Queue,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="planned_changes",
        verbose_name=_("antrean"),
    )
    # Only what becomes other: {"number": "7"}; of a zone its name before and after.
    values = models.JSONField(_("menjadi"))
    was = models.JSONField(_("sebelumnya"), default=dict, blank=True)
    from_date = models.DateField(_("berlaku mulai"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("diputuskan"))
    applied_at = models.DateTimeField(_("diberlakukan"), null=True, blank=True)

    class Meta:
        verbose_name = _("perubahan terencana")
        verbose_name_plural = _("perubahan terencana")
        ordering: ClassVar = ["from_date", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="counter", counter__isnull=False, queue=None)
                | Q(kind="queue", counter=None, queue__isnull=False)
                | Q(kind__in=["zone", "ratio"], counter=None, queue=None),
                name="planned_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["counter", "from_date"],
                condition=Q(applied_at=None, kind="counter"),
                name="one_change_of_a_counter_a_day",
            ),
            models.UniqueConstraint(
                fields=["queue", "from_date"],
                condition=Q(applied_at=None, kind="queue"),
                name="one_change_of_a_queue_a_day",
            ),
            models.UniqueConstraint(
                fields=["mall", "from_date"],
                condition=Q(applied_at=None, kind="ratio"),
                name="one_ratio_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["from_date"], name="planned_to_do", condition=Q(applied_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.from_date}"
