"""The outbox: every message, every try to send it, every word of a provider about it."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall
from notifications.models.channels import Provider
from notifications.models.contacts import Contact
from notifications.states import ARRIVED, OUTSIDE, Channel, Lane, State


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> "MessageQuerySet":
        return self.filter(state=State.WAITING)

    def dead(self) -> "MessageQuerySet":
        return self.filter(state=State.DEAD)

    def lost(self) -> "MessageQuerySet":
        """Dead, still so, and no other channel outside has carried the same or still may."""
        about = {name: OuterRef(name) for name in ("event", "contact", "kind")}
        elsewhere = Message.objects.filter(**about, channel__in=OUTSIDE).filter(
            state__in=[*ARRIVED, State.WAITING, State.SENDING]
        )
        still_so = self.dead().filter(withdrawn_at=None)
        return still_so.filter(~Exists(elsewhere), channel__in=OUTSIDE)

    def shown_to(self, contact_id: int, *, now: datetime) -> "MessageQuerySet":
        """What the page of a contact says by now, the newest first."""
        mine = self.filter(contact=contact_id, channel=Channel.INBOX, due_at__lte=now)
        return mine.exclude(state=State.WITHDRAWN).order_by("-due_at", "-pk")


class Message(models.Model):
    """Something one person is told through one channel, because of one event.

    Written in the transaction of the event. Only outbox.py, delivery.py and receipts.py write it.
    """

    mall = models.ForeignKey(
        Mall, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("mal")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, related_name="messages", verbose_name=_("kontak")
    )
    event = models.CharField(_("peristiwa"), max_length=80)
    kind = models.CharField(_("pesan"), max_length=40)
    channel = models.PositiveSmallIntegerField(_("saluran"), choices=Channel)
    lane = models.PositiveSmallIntegerField(_("jalur"), choices=Lane)
    state = models.PositiveSmallIntegerField(_("keadaan"), choices=State, default=State.WAITING)
    sealed_context = models.TextField(blank=True)
    created_at = models.DateTimeField(_("dibuat"))
    due_at = models.DateTimeField(_("dikirim mulai"))
    not_after = models.DateTimeField(_("tidak setelah"))
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(_("dipegang sampai"), null=True)
    ended_at = models.DateTimeField(_("selesai"), null=True)
    reference = models.CharField(_("nomor di penyedia"), max_length=200, blank=True)
    # What it says is no longer so: whatever became of it, it is never said again.
    withdrawn_at = models.DateTimeField(_("tidak berlaku sejak"), null=True)
    cost = models.DecimalField(_("biaya (Rp)"), max_digits=10, decimal_places=2, default=Decimal(0))
    reason = models.CharField(_("sebab"), max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("pesan")
        verbose_name_plural = _("pesan")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "contact", "channel", "kind"], name="told_once_per_channel"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(State)), name="message_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENDING, leased_until__isnull=False)
                | ~Q(state=State.SENDING) & Q(leased_until__isnull=True),
                name="sending_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.DEAD, State.STALE]) | ~Q(reason=""),
                name="an_end_without_arrival_has_a_reason",
            ),
        ]
        indexes: ClassVar = [
            # With the id: a hundred thousand reminders are due at the same moment.
            models.Index(
                fields=["lane", "due_at", "id"],
                name="message_due",
                condition=Q(state=State.WAITING),
            ),
            models.Index(
                fields=["not_after"], name="message_stale", condition=Q(state=State.WAITING)
            ),
            models.Index(
                fields=["leased_until"], name="message_leased", condition=Q(state=State.SENDING)
            ),
            models.Index(
                fields=["reference"], name="message_at_provider", condition=~Q(reference="")
            ),
            models.Index(fields=["mall", "-created_at"], name="message_of_mall"),
            models.Index(fields=["mall"], name="message_dead", condition=Q(state=State.DEAD)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Attempt(models.Model):
    """One try to send a message, and what the provider answered."""

    class Outcome(models.IntegerChoices):
        ACCEPTED = 1, _("diterima")
        FAILED = 2, _("gagal, dicoba lagi")
        REFUSED = 3, _("ditolak")

    message = models.ForeignKey(
        Message, models.CASCADE, related_name="tries", verbose_name=_("pesan")
    )
    at = models.DateTimeField(_("waktu"))
    outcome = models.PositiveSmallIntegerField(_("hasil"), choices=Outcome)
    answer = models.CharField(_("jawaban penyedia"), max_length=200, blank=True)
    cost = models.DecimalField(_("biaya (Rp)"), max_digits=10, decimal_places=2, default=Decimal(0))

    class Meta:
        verbose_name = _("percobaan kirim")
        verbose_name_plural = _("percobaan kirim")

    def __str__(self) -> str:
        return f"{self.message_id} {self.get_outcome_display()}"


class Receipt(models.Model):
    """What a provider said became of a message; a copy of the same word changes nothing."""

    provider = models.ForeignKey(
        Provider, models.CASCADE, related_name="+", db_index=False, verbose_name=_("penyedia")
    )
    reference = models.CharField(_("nomor di penyedia"), max_length=200)
    state = models.PositiveSmallIntegerField(_("keadaan"), choices=State)
    at = models.DateTimeField(_("waktu"))
    answer = models.CharField(_("jawaban penyedia"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("kabar penyedia")
        verbose_name_plural = _("kabar penyedia")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "reference", "state"], name="one_receipt_per_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.get_state_display()}"
