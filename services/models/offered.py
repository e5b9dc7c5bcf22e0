"""The public services offered, with what their standards must publish."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.models import Presence, Resting, Term
from services.models.queues import Queue

LONG = ("keywords", "requirements", "procedure")  # what no list of services prints


class ServiceQuerySet(models.QuerySet["Service"]):
    def offered(self) -> "ServiceQuerySet":
        return self.filter(is_active=True, presence__is_active=True, queue__is_active=True)

    def booked_here(self) -> "ServiceQuerySet":
        """Those that may take reservations here; the others only link to where they are booked."""
        return self.filter(booked_with="")


class Service(Resting):
    """One service of an agency at a mall with the six components its standard must publish.

    The six are those of service delivery: requirements, procedure, completion time, fees,
    product, and complaints. Source: PermenPANRB 15/2014.
    """

    presence = models.ForeignKey(
        Presence, models.PROTECT, related_name="services", verbose_name=_("instansi di mal")
    )
    queue = models.ForeignKey(
        Queue, models.PROTECT, related_name="services", verbose_name=_("antrean")
    )
    code = models.SlugField(_("kode"), max_length=40)
    name = models.CharField(_("nama"), max_length=120)
    name_en = models.CharField(_("nama Inggris"), max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("perkiraan menit di loket"),
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    keywords = models.JSONField(_("kata yang dicari orang"), default=list, blank=True)
    requirements = models.JSONField(_("persyaratan"), default=list, blank=True)
    procedure = models.JSONField(_("sistem, mekanisme, dan prosedur"), default=list, blank=True)
    completion_time = models.CharField(_("jangka waktu penyelesaian"), max_length=120, blank=True)
    fee_basis = models.CharField(_("dasar tarif"), max_length=120, blank=True)
    product = models.CharField(_("produk pelayanan"), max_length=160, blank=True)
    complaint_channel = models.CharField(_("pengaduan, saran, masukan"), max_length=200, blank=True)
    limits = models.CharField(_("batasan di MPP ini"), max_length=300, blank=True)
    # A national service keeps its own reservations, such as M-Paspor; here it is only linked.
    booked_with = models.CharField(_("reservasi melalui"), max_length=60, blank=True)
    booked_at = models.CharField(
        _("alamat reservasi"),
        max_length=200,
        blank=True,
        validators=[URLValidator(["https"], message=_("Tulis alamat lengkap, dengan https://."))],
    )
    example_fields = models.JSONField(_("isian contoh"), default=list, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("layanan")
        verbose_name_plural = _("layanan")
        ordering: ClassVar = ["presence", "name"]
        constraints: ClassVar = [
            *Resting.Meta.constraints,
            models.UniqueConstraint(fields=["presence", "code"], name="service_code_once"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="service_takes_a_minute"),
            models.CheckConstraint(
                condition=Q(booked_with="", booked_at="") | (~Q(booked_with="") & ~Q(booked_at="")),
                name="booked_elsewhere_somewhere",
                violation_error_message=_("Isi nama dan alamat reservasinya, keduanya."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_booked_here(self) -> bool:
        """Whether it may take reservations here, as `booked_here` filters."""
        return not self.booked_with

    @property
    def title(self) -> str:
        """The name in the reader's language, Indonesian where there is no English one."""
        return (self.name_en if get_language() == "en" else "") or self.name


class Scope(models.Model):
    """A service that a term names; a term may also cover all services of its agency."""

    term = models.ForeignKey(
        Term, models.CASCADE, related_name="scopes", verbose_name=_("isi perjanjian")
    )
    service = models.ForeignKey(
        Service, models.CASCADE, related_name="scopes", verbose_name=_("layanan")
    )

    class Meta:
        verbose_name = _("lingkup perjanjian")
        verbose_name_plural = _("lingkup perjanjian")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term", "service"], name="service_once_per_term")
        ]

    def __str__(self) -> str:
        return str(self.service)


class Variant(models.Model):
    """One of several forms of a service, such as a passport for ten years; standards.py writes it.

    Its requirements come on top of those of the service.
    """

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="variants", verbose_name=_("layanan")
    )
    name = models.CharField(_("nama"), max_length=120)
    requirements = models.JSONField(_("persyaratan tambahan"), default=list, blank=True)
    completion_time = models.CharField(_("jangka waktu penyelesaian"), max_length=120, blank=True)
    rank = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        verbose_name = _("varian")
        verbose_name_plural = _("varian")
        ordering: ClassVar = ["service", "rank", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "name"], name="variant_once")
        ]

    def __str__(self) -> str:
        return self.name


class Fee(models.Model):
    """One official tariff of a service; an empty amount depends on the case."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="fees", verbose_name=_("layanan")
    )
    variant = models.ForeignKey(
        Variant,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="fees",
        verbose_name=_("varian"),
    )
    name = models.CharField(_("nama"), max_length=120)
    amount = models.DecimalField(
        _("rupiah"), max_digits=12, decimal_places=0, null=True, blank=True
    )
    rank = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        verbose_name = _("tarif")
        verbose_name_plural = _("tarif")
        ordering: ClassVar = ["service", "rank", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="fee_not_negative"
            )
        ]

    def __str__(self) -> str:
        return self.name
