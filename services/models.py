"""The public services offered, their published standard, and the queues people stand in."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter, Mall, Presence

LONG = ("keywords", "requirements", "procedure")  # what no list of services prints


class Queue(models.Model):
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
    is_active = models.BooleanField(_("aktif"), default=True)
    counters = models.ManyToManyField(
        Counter, through="CounterQueue", related_name="queues", verbose_name=_("loket")
    )

    class Meta:
        verbose_name = _("antrean")
        verbose_name_plural = _("antrean")
        ordering: ClassVar = ["mall", "letter"]
        constraints: ClassVar = [
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


class ServiceQuerySet(models.QuerySet["Service"]):
    def offered(self) -> "ServiceQuerySet":
        return self.filter(is_active=True, presence__is_active=True, queue__is_active=True)


class Service(models.Model):
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
    is_active = models.BooleanField(_("aktif"), default=True)
    example_fields = models.JSONField(_("isian contoh"), default=list, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("layanan")
        verbose_name_plural = _("layanan")
        ordering: ClassVar = ["presence", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["presence", "code"], name="service_code_once"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="service_takes_a_minute"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name in the reader's language, Indonesian where there is no English one."""
        return (self.name_en if get_language() == "en" else "") or self.name


class Fee(models.Model):
    """One official tariff of a service; an empty amount depends on the case."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="fees", verbose_name=_("layanan")
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
