"""Who sits at a counter, what is said there about a visit, and what a printer has to print.

Only desks.py, notes.py and prints.py write these rows.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter
from hall.models import Device
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
        return str(self.pk)  # its words are for the next counter only


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


class PrintJob(models.Model):
    """A number that the printer of a kiosk has to put on paper; again when somebody asks again."""

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, related_name="print_job", verbose_name=_("tiket")
    )
    kiosk = models.ForeignKey(
        Device, models.CASCADE, related_name="+", db_index=False, verbose_name=_("mesin antrean")
    )
    language = models.CharField(_("bahasa"), max_length=2)
    asked_at = models.DateTimeField(_("diminta"))
    printed_at = models.DateTimeField(_("tercetak"), null=True)

    class Meta:
        verbose_name = _("cetakan tiket")
        verbose_name_plural = _("cetakan tiket")
        indexes: ClassVar = [
            # Small whatever the history: what has been printed is not in it.
            models.Index(
                fields=["kiosk", "asked_at"], name="printjob_open", condition=Q(printed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.ticket_id)
