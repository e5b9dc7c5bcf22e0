"""Organisations that run counters, and where they are present."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.places import Mall


class Category(models.TextChoices):
    """The eight kinds of agency; BPJS is a public-law body, not a state enterprise."""

    OPD = "opd", _("Perangkat daerah")
    PROVINCIAL = "provincial", _("Pemerintah provinsi")
    VERTICAL = "vertical", _("Instansi vertikal")
    JUDICIARY = "judiciary", _("Lembaga peradilan dan penegak hukum")
    BUMN = "bumn", _("BUMN")
    BUMD = "bumd", _("BUMD")
    PUBLIC_BODY = "public_body", _("Badan hukum publik")
    PRIVATE = "private", _("Swasta")


class Agency(models.Model):
    """An organisation that runs counters: regional, central, enterprise or private."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("nama"), max_length=160)
    short_name = models.CharField(_("nama singkat"), max_length=40)
    category = models.CharField(_("kategori"), max_length=12, choices=Category)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name=_("induk nasional"),
        help_text=_("Kementerian, lembaga, atau perusahaan yang membawahi kantor ini."),
    )

    class Meta:
        verbose_name = _("instansi")
        verbose_name_plural = _("instansi")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="agency_not_its_own_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """An agency present at a mall: where it sits, what the board calls it, and by what right."""

    class Basis(models.TextChoices):
        AGREEMENT = "agreement", _("Perjanjian kerja sama")
        DECREE = "decree", _("Keputusan kepala daerah")

    mall = models.ForeignKey(Mall, models.PROTECT, related_name="presences", verbose_name=_("mal"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="presences", verbose_name=_("instansi")
    )
    board_name = models.CharField(_("nama di papan"), max_length=40)
    place = models.CharField(_("letak"), max_length=80, blank=True)
    icon = models.SlugField(_("ikon"), max_length=40, default="building-2")
    is_active = models.BooleanField(_("aktif"), default=True)
    basis = models.CharField(
        _("dasar kehadiran"),
        max_length=9,
        choices=Basis,
        default=Basis.AGREEMENT,
        help_text=_("Dengan perjanjian, hari hadir dan loketnya mengikuti isi yang berlaku."),
    )
    decree = models.CharField(_("nomor keputusan"), max_length=120, blank=True)
    example_fields = models.JSONField(_("isian contoh"), default=list, blank=True)

    class Meta:
        verbose_name = _("instansi di mal")
        verbose_name_plural = _("instansi di mal")
        ordering: ClassVar = ["mall", "board_name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "agency"], name="one_presence_per_mall")
        ]

    def __str__(self) -> str:
        return f"{self.agency} – {self.mall.short_name}"


class ContactPerson(models.Model):
    """Whom to call at an agency about its counters at a mall."""

    presence = models.ForeignKey(
        Presence, models.CASCADE, related_name="contacts", verbose_name=_("instansi di mal")
    )
    name = models.CharField(_("nama"), max_length=120)
    position = models.CharField(_("jabatan"), max_length=120, blank=True)
    phone = models.CharField(
        _("telepon"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^\+?[\d ()-]{6,20}$", _("Tulis angka telepon saja."))],
    )
    email = models.EmailField(_("surel"), blank=True)

    class Meta:
        verbose_name = _("penghubung")
        verbose_name_plural = _("penghubung")
        ordering: ClassVar = ["presence", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email=""),
                name="contact_person_reachable",
                violation_error_message=_("Isi telepon atau surelnya."),
            )
        ]

    def __str__(self) -> str:
        return self.name
