"""What a mall has arranged: channels and their providers, budget, quiet hours, its own wording."""

import secrets
from datetime import time
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall
from notifications.states import OUTSIDE


def new_address() -> str:
    """The unguessable part of the address to which a provider reports."""
    return secrets.token_urlsafe(16)


def usual_order() -> list[int]:
    return [int(channel) for channel in OUTSIDE]


class Messaging(models.Model):
    """How a mall sends: as whom, in which order of channels, when not, and for how much a day."""

    mall = models.OneToOneField(
        Mall, models.CASCADE, related_name="messaging", verbose_name=_("mal")
    )
    sender_name = models.CharField(_("nama pengirim"), max_length=60, blank=True)
    order = models.JSONField(_("urutan saluran"), default=usual_order)
    quiet_from = models.TimeField(_("jam tenang dari"), default=time(20))
    quiet_until = models.TimeField(_("jam tenang sampai"), default=time(7))
    daily_budget = models.DecimalField(
        _("anggaran sehari (Rp)"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )

    class Meta:
        verbose_name = _("pengaturan pesan")
        verbose_name_plural = _("pengaturan pesan")

    def __str__(self) -> str:
        return str(self.mall)


class Provider(models.Model):
    """Who carries a mall's messages of one channel; the credentials are sealed."""

    mall = models.ForeignKey(
        Mall, models.CASCADE, related_name="providers", db_index=False, verbose_name=_("mal")
    )
    channel = models.PositiveSmallIntegerField(
        _("saluran"), choices=[(each.value, each.label) for each in OUTSIDE]
    )
    is_on = models.BooleanField(_("dipakai"), default=False)
    price = models.DecimalField(
        _("biaya per pesan (Rp)"),
        max_digits=8,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    settings = models.JSONField(_("pengaturan"), default=dict)
    sealed_secrets = models.TextField(blank=True)
    # The provider reports to an address that only it is told, and signs what it reports.
    address = models.CharField(max_length=22, unique=True, default=new_address)
    failures = models.PositiveIntegerField(_("gagal berturut-turut"), default=0)
    paused_until = models.DateTimeField(_("dijeda sampai"), null=True)
    tested_at = models.DateTimeField(_("diuji"), null=True)
    test_answer = models.CharField(_("jawaban uji"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("penyedia")
        verbose_name_plural = _("penyedia")
        ordering: ClassVar = ["mall", "channel"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "channel"], name="one_provider_per_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.mall_id}"


class Spending(models.Model):
    """What a mall's messages of one day have cost."""

    mall = models.ForeignKey(
        Mall, models.CASCADE, related_name="+", db_index=False, verbose_name=_("mal")
    )
    date = models.DateField(_("tanggal"))
    spent = models.DecimalField(_("terpakai (Rp)"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("pengeluaran pesan")
        verbose_name_plural = _("pengeluaran pesan")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "date"], name="one_spending_per_day"),
            models.CheckConstraint(condition=Q(spent__gte=0), name="spent_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.mall_id} {self.date}"


class Wording(models.Model):
    """How a mall, or the whole nation, says one kind of message in one language."""

    mall = models.ForeignKey(
        Mall,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="wordings",
        db_index=False,
        verbose_name=_("mal"),
    )
    kind = models.CharField(_("pesan"), max_length=40)
    language = models.CharField(_("bahasa"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("judul"), max_length=120, blank=True)
    body = models.TextField(_("isi"), max_length=1000)
    # WhatsApp sends only what it has approved before, by this name; see channels/whatsapp.py.
    template_name = models.CharField(_("nama templat WhatsApp"), max_length=120, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("diubah oleh"),
    )
    edited_at = models.DateTimeField(_("diubah"))

    class Meta:
        verbose_name = _("kalimat pesan")
        verbose_name_plural = _("kalimat pesan")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "kind", "language"], name="wording_of_a_mall"),
            models.UniqueConstraint(
                fields=["kind", "language"],
                condition=Q(mall__isnull=True),
                name="wording_of_the_nation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"
