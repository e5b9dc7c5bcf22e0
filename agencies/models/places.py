"""Regions and their malls."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.stages import HIDDEN, Stage


class Zone(models.TextChoices):
    WIB = "Asia/Jakarta", "WIB"
    WIB_PONTIANAK = "Asia/Pontianak", "WIB (Pontianak)"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class Region(models.Model):
    """A regency or city, by its Kemendagri code such as 32.16."""

    code = models.CharField(
        _("kode wilayah"),
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^\d{2}\.\d{2}$", _("Tulis seperti 32.16."))],
    )
    name = models.CharField(_("nama"), max_length=80)
    province = models.CharField(_("provinsi"), max_length=60)
    zone = models.CharField(_("zona waktu"), max_length=20, choices=Zone, default=Zone.WIB)

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class Mall(models.Model):
    """A hall (MPP) or a smaller branch (gerai, GPP); one DPMPTSP may run several."""

    class Kind(models.TextChoices):
        MPP = "mpp", _("Mal Pelayanan Publik")
        GPP = "gpp", _("Gerai Pelayanan Publik")

    Stage = Stage

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="malls", verbose_name=_("wilayah")
    )
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    short_name = models.CharField(_("nama singkat"), max_length=40)
    kind = models.CharField(_("jenis"), max_length=3, choices=Kind, default=Kind.MPP)
    stage = models.CharField(_("tahap"), max_length=12, choices=Stage, default=Stage.PREPARATION)
    place_name = models.CharField(_("nama tempat"), max_length=120, blank=True)
    address = models.CharField(_("alamat"), max_length=200, blank=True)
    organiser = models.CharField(_("penyelenggara"), max_length=120)
    facilities = models.JSONField(_("fasilitas"), default=list, blank=True)
    closes_on_joint_leave = models.BooleanField(_("tutup saat cuti bersama"), default=True)
    priority_ratio = models.PositiveSmallIntegerField(
        _("prioritas per satu reguler"),
        default=2,
        help_text=_("Sebanyak ini orang prioritas dipanggil sebelum satu orang reguler."),
    )
    suspended_from = models.DateField(_("dihentikan sejak"), null=True, blank=True)
    suspended_for = models.CharField(_("alasan penghentian"), max_length=200, blank=True)
    example_fields = models.JSONField(_("isian contoh"), default=list, blank=True)

    class Meta:
        verbose_name = _("mal")
        verbose_name_plural = _("mal")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(priority_ratio__gte=1, priority_ratio__lte=9), name="mall_ratio_1_to_9"
            ),
            models.CheckConstraint(
                condition=Q(stage="suspended", suspended_from__isnull=False)
                | (~Q(stage="suspended") & Q(suspended_from=None)),
                name="suspended_since_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone that decides what day it is here; the region must be loaded with the mall."""
        return ZoneInfo(self.region.zone)

    @property
    def is_hidden(self) -> bool:
        """Whether citizens do not see it yet, so that its public pages do not exist."""
        return self.stage in HIDDEN
