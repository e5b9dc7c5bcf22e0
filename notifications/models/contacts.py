"""Who is told things, and through which channels they want to hear them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall
from notifications.states import Channel


class Contact(models.Model):
    """How one person is reached about one matter: a reservation, a visit, or as staff.

    Phone and address are sealed each by itself (core.vault); the indexes find the same ones again.
    """

    mall = models.ForeignKey(
        Mall, models.PROTECT, null=True, related_name="+", verbose_name=_("mal")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="contact",
        verbose_name=_("petugas"),
    )
    language = models.CharField(_("bahasa"), max_length=2, default="id")
    sealed_phone = models.CharField(max_length=200, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    sealed_email = models.CharField(max_length=600, blank=True)
    email_index = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("dibuat"))

    class Meta:
        verbose_name = _("kontak")
        verbose_name_plural = _("kontak")
        indexes: ClassVar = [
            models.Index(
                fields=["phone_index"], name="contact_of_phone", condition=~Q(phone_index="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Consent(models.Model):
    """That somebody wants to hear through a channel; taken back, it stays as history."""

    class How(models.IntegerChoices):
        FORM = 1, _("formulir reservasi")
        PAGE = 2, _("halaman tiket")
        OFFICER = 3, _("lewat petugas")
        STAFF = 4, _("halaman petugas")

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="consents", db_index=False, verbose_name=_("kontak")
    )
    channel = models.PositiveSmallIntegerField(_("saluran"), choices=Channel)
    how = models.PositiveSmallIntegerField(_("diberikan lewat"), choices=How)
    given_at = models.DateTimeField(_("diberikan"))
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True)

    class Meta:
        verbose_name = _("persetujuan")
        verbose_name_plural = _("persetujuan")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact", "channel"], name="one_consent_per_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.contact_id}"


class Stop(models.Model):
    """An address that wants no more messages through a channel, from any mall; START lifts it."""

    channel = models.PositiveSmallIntegerField(_("saluran"), choices=Channel)
    address_index = models.CharField(max_length=64)
    at = models.DateTimeField(_("waktu"))

    class Meta:
        verbose_name = _("permintaan berhenti")
        verbose_name_plural = _("permintaan berhenti")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "address_index"], name="stopped_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.address_index[:8]}"


class Subscription(models.Model):
    """A browser that shows what a contact is told, even while the page is closed."""

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="subscriptions", verbose_name=_("kontak")
    )
    endpoint_hash = models.CharField(max_length=64)
    sealed_endpoint = models.TextField()
    sealed_keys = models.CharField(max_length=400)
    created_at = models.DateTimeField(_("dibuat"))
    gone_at = models.DateTimeField(_("hilang"), null=True)

    class Meta:
        verbose_name = _("langganan pemberitahuan")
        verbose_name_plural = _("langganan pemberitahuan")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact", "endpoint_hash"], name="one_subscription_per_browser"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.endpoint_hash[:8]}"


class Code(models.Model):
    """A one-time code sent to a phone, known here only by its keyed hash."""

    mall = models.ForeignKey(
        Mall, models.PROTECT, related_name="+", db_index=False, verbose_name=_("mal")
    )
    purpose = models.CharField(_("untuk"), max_length=60)
    phone_index = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("dibuat"))
    until = models.DateTimeField(_("berlaku sampai"))
    tries = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    proven_at = models.DateTimeField(_("terbukti"), null=True)

    class Meta:
        verbose_name = _("kode sekali pakai")
        verbose_name_plural = _("kode sekali pakai")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose", "phone_index"], name="one_code_at_a_time"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["until"], name="code_age"),
            models.Index(fields=["mall", "created_at"], name="code_of_mall"),
        ]

    def __str__(self) -> str:
        return self.purpose
