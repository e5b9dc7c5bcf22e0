"""The lines people stand in, and which counters serve them."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter, Mall, Presence, Resting


class Queue(Resting):
    """A line (antrean) with a letter, shared by services; its numbers start anew every day."""

    mall = models.ForeignKey(Mall, models.PROTECT, related_name="queues", verbose_name=_("mal"))
    presence = models.ForeignKey(
        Presence, models.PROTECT, related_name="queues", verbose_name=_("instansi di mal")
    )
    letter = models.CharField(
        _("huruf"),
        max_length=2,
        validators=[
            RegexValidator(
                r"^[A-HJ-LNPR-VX-Z]{1,2}$",
                _("Satu atau dua huruf besar, tanpa I, M, O, Q, dan W yang mudah keliru dibaca."),
            )
        ],
    )
    name = models.CharField(_("nama"), max_length=80)
    daily_quota = models.PositiveSmallIntegerField(
        _("kuota per hari"),
        null=True,
        blank=True,
        help_text=_("Kosong berarti tidak dibatasi. Nomor pindahan tidak mengurangi kuota."),
    )
    counters = models.ManyToManyField(
        Counter, through="CounterQueue", related_name="queues", verbose_name=_("loket")
    )

    class Meta:
        verbose_name = _("antrean")
        verbose_name_plural = _("antrean")
        ordering: ClassVar = ["mall", "letter"]
        constraints: ClassVar = [
            *Resting.Meta.constraints,
            models.UniqueConstraint(fields=["mall", "letter"], name="letter_once_per_mall"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} – {self.name}"


class CounterQueue(models.Model):
    """A counter serves this queue; a rank makes it prefer lower ranks to the longest waiting."""

    counter = models.ForeignKey(
        Counter, models.CASCADE, related_name="counter_queues", verbose_name=_("loket")
    )
    queue = models.ForeignKey(
        Queue, models.CASCADE, related_name="counter_queues", verbose_name=_("antrean")
    )
    rank = models.PositiveSmallIntegerField(
        _("urutan sendiri"),
        null=True,
        blank=True,
        help_text=_("Kosong berarti yang paling lama menunggu dipanggil lebih dahulu."),
    )

    class Meta:
        verbose_name = _("antrean di loket")
        verbose_name_plural = _("antrean di loket")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["counter", "queue"], name="counter_queue_once")
        ]

    def __str__(self) -> str:
        return f"{self.counter}: {self.queue}"
