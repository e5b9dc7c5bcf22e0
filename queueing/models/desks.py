"""Who sits at a counter, and what is said there about a visit. desks.py and notes.py write it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter
from queueing.models.tickets import Ticket, Visit


class Desk(models.Model):
    """The live side of a counter: who sits there now. Two clicks wait in line on its row."""

    counter = models.OneToOneField(
        Counter, models.CASCADE, primary_key=True, related_name="desk", verbose_name=_("loket")
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("petugas"),
    )
    since = models.DateTimeField(_("sejak"), null=True)
    on_break = models.BooleanField(_("istirahat"), default=False)

    class Meta:
        verbose_name = _("petugas di loket")
        verbose_name_plural = _("petugas di loket")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["officer"], name="one_desk_per_officer"),
        ]

    def __str__(self) -> str:
        return str(self.counter)


class Note(models.Model):
    """A sentence for the next agency of a visit: what was done, what is still missing."""

    visit = models.ForeignKey(
        Visit, models.CASCADE, related_name="notes", verbose_name=_("kunjungan")
    )
    counter = models.ForeignKey(
        Counter, models.PROTECT, related_name="+", db_index=False, verbose_name=_("loket")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("petugas"),
    )
    at = models.DateTimeField(_("waktu"))
    text = models.CharField(_("catatan"), max_length=200)

    class Meta:
        verbose_name = _("catatan")
        verbose_name_plural = _("catatan")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return self.text


class Shortfall(models.Model):
    """A requirement that a person did not have with them: no success at the first visit."""

    ticket = models.ForeignKey(
        Ticket, models.CASCADE, related_name="shortfalls", verbose_name=_("tiket")
    )
    # The words of the requirement as it stood that day; the list may be edited later.
    requirement = models.CharField(_("persyaratan"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("petugas"),
    )
    at = models.DateTimeField(_("waktu"))

    class Meta:
        verbose_name = _("berkas kurang")
        verbose_name_plural = _("berkas kurang")
        ordering: ClassVar = ["ticket", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "requirement"], name="requirement_missing_once"
            ),
        ]

    def __str__(self) -> str:
        return self.requirement
