"""What may be booked: the plan of a service, its windows of the week, and when places come out."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall, Presence, Weekday
from appointments.states import Mode
from services.models import Service


class Plan(models.Model):
    """A service that takes reservations, and by which rules."""

    service = models.OneToOneField(
        Service, models.CASCADE, related_name="plan", verbose_name=_("layanan")
    )
    is_active = models.BooleanField(_("menerima reservasi"), default=True)
    family = models.SlugField(
        _("rumpun layanan"),
        max_length=40,
        help_text=_("Satu NIK hanya dapat memesan satu tempat dalam rumpun yang sama, senasional."),
    )
    needs_nik = models.BooleanField(
        _("meminta NIK"),
        default=False,
        help_text=_("Hanya bila layanan ini benar-benar memerlukannya."),
    )
    release_at = models.TimeField(_("tempat dibuka pukul"), default=time(8))
    mode = models.PositiveSmallIntegerField(
        _("cara membagi tempat"), choices=Mode, default=Mode.FIRST_COME
    )

    class Meta:
        verbose_name = _("rencana reservasi")
        verbose_name_plural = _("rencana reservasi")
        ordering: ClassVar = ["service"]

    def __str__(self) -> str:
        return str(self.service)


class Tranche(models.Model):
    """So many percent of a day's places are out, all told, from so many days before it."""

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="tranches", verbose_name=_("rencana reservasi")
    )
    days_before = models.PositiveSmallIntegerField(
        _("hari sebelumnya"), validators=[MinValueValidator(0), MaxValueValidator(90)]
    )
    percent = models.PositiveSmallIntegerField(
        _("persen tempat yang sudah dibuka"),
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    class Meta:
        verbose_name = _("tahap pembukaan")
        verbose_name_plural = _("tahap pembukaan")
        ordering: ClassVar = ["plan", "-days_before"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "days_before"], name="one_tranche_a_day"),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100, days_before__lte=90),
                name="tranche_of_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"H-{self.days_before}: {self.percent} %"


class Window(models.Model):
    """A span of a weekday with its places, from a date on."""

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="windows", verbose_name=_("rencana reservasi")
    )
    weekday = models.PositiveSmallIntegerField(_("hari"), choices=Weekday)
    begins = models.TimeField(_("dari"))
    ends = models.TimeField(_("sampai"))
    online = models.PositiveSmallIntegerField(_("tempat daring"), default=0)
    priority = models.PositiveSmallIntegerField(_("tempat prioritas"), default=0)
    staff = models.PositiveSmallIntegerField(_("tempat untuk petugas"), default=0)
    walk_in = models.PositiveSmallIntegerField(_("tempat datang langsung"), default=0)
    from_date = models.DateField(_("berlaku dari"))
    until_date = models.DateField(_("berlaku sampai"), null=True, blank=True)

    class Meta:
        verbose_name = _("jendela waktu")
        verbose_name_plural = _("jendela waktu")
        ordering: ClassVar = ["plan", "weekday", "begins"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "weekday", "begins", "from_date"], name="window_once"
            ),
            models.CheckConstraint(
                condition=Q(begins__lt=F("ends"))
                & (Q(until_date=None) | Q(until_date__gte=F("from_date"))),
                name="window_in_order",
                violation_error_message=_("Awal jendela waktu harus sebelum akhirnya."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.begins:%H.%M}–{self.ends:%H.%M}"


class ArrivalRule(models.Model):
    """What a mall asks of people with a reservation: when to come, and a code by phone."""

    mall = models.OneToOneField(
        Mall, models.CASCADE, related_name="arrival_rule", verbose_name=_("mal")
    )
    early_minutes = models.PositiveSmallIntegerField(
        _("menit lebih awal"), default=30, validators=[MaxValueValidator(180)]
    )
    late_minutes = models.PositiveSmallIntegerField(
        _("menit terlambat"), default=10, validators=[MaxValueValidator(120)]
    )

    asks_code = models.BooleanField(
        _("meminta kode lewat ponsel"),
        default=False,
        help_text=_("Reservasi daring baru sah setelah kode yang dikirim ke ponsel diketik."),
    )

    class Meta:
        verbose_name = _("aturan kedatangan")
        verbose_name_plural = _("aturan kedatangan")

    def __str__(self) -> str:
        return f"{self.mall}: -{self.early_minutes}/+{self.late_minutes}"


class Absence(models.Model):
    """An agency cannot keep its windows for a while; whoever has booked is offered others."""

    presence = models.ForeignKey(
        Presence, models.CASCADE, related_name="absences", verbose_name=_("instansi di mal")
    )
    from_at = models.DateTimeField(_("dari"))
    until_at = models.DateTimeField(_("sampai"))
    reason = models.CharField(_("alasan"), max_length=160)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("oleh"),
    )
    at = models.DateTimeField(_("dicatat"))

    class Meta:
        verbose_name = _("instansi berhalangan")
        verbose_name_plural = _("instansi berhalangan")
        ordering: ClassVar = ["presence", "from_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(from_at__lt=F("until_at")), name="absence_in_order"),
            models.CheckConstraint(condition=~Q(reason=""), name="absence_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.presence}: {self.reason}"
