"""The versions of a service's standard, from draft to decree."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from services.models.offered import Service
from services.standard_states import State


class Standard(models.Model):
    """One version of a service's standard: its fourteen components, decree and reviewers.

    `content` holds the six components that must be published and the eight internal ones, in the
    form of services.components.Content. Source: PermenPANRB 15/2014. Only standards.py writes it.
    """

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="standards", verbose_name=_("layanan")
    )
    version = models.PositiveSmallIntegerField(_("versi"))
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.DRAFT)
    content = models.JSONField(_("isi"))
    decree_number = models.CharField(_("nomor keputusan"), max_length=120, blank=True)
    decree_date = models.DateField(_("tanggal keputusan"), null=True, blank=True)
    signatory = models.CharField(_("penanda tangan"), max_length=120, blank=True)
    position = models.CharField(_("jabatan"), max_length=120, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("penyusun")
    )
    written_at = models.DateTimeField(_("disusun"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pemeriksa"),
    )
    decided_at = models.DateTimeField(_("diputuskan"), null=True, blank=True)
    remark = models.TextField(_("catatan pemeriksa"), blank=True)
    published_at = models.DateTimeField(_("terbit"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("digantikan"), null=True, blank=True)

    class Meta:
        verbose_name = _("standar pelayanan")
        verbose_name_plural = _("standar pelayanan")
        ordering: ClassVar = ["service", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "version"], name="standard_version_once"),
            models.UniqueConstraint(
                fields=["service"], condition=Q(state="published"), name="one_published_standard"
            ),
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(state__in=["draft", "review"]),
                name="one_standard_in_work",
            ),
            models.CheckConstraint(
                condition=Q(reviewer=None) | ~Q(reviewer=F("author")), name="standard_by_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced"])
                | (
                    ~Q(decree_number="")
                    & Q(
                        decree_date__isnull=False,
                        reviewer__isnull=False,
                        published_at__isnull=False,
                    )
                ),
                name="published_by_decree",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} v{self.version}"
