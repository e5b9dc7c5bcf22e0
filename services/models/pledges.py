"""The pledges (maklumat) of malls and of agencies at malls, one row for each publication."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall, Presence

DRAFT = Q(published_at=None)
IN_FORCE = Q(published_at__isnull=False, replaced_at=None)
OF_MALL = Q(presence=None)
OF_AGENCY = Q(presence__isnull=False)


class Pledge(models.Model):
    """What a mall, or an agency there, promises in public; pledges.py writes it.

    A draft has no moment of publication; the one in force is published and not replaced.
    """

    mall = models.ForeignKey(Mall, models.PROTECT, related_name="pledges", verbose_name=_("mal"))
    presence = models.ForeignKey(
        Presence,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pledges",
        verbose_name=_("instansi di mal"),
        help_text=_("Kosong berarti maklumat seluruh mal."),
    )
    sentences = models.JSONField(_("kalimat"), default=list)
    decree_number = models.CharField(_("nomor keputusan"), max_length=120, blank=True)
    decree_date = models.DateField(_("tanggal keputusan"), null=True, blank=True)
    signatory = models.CharField(_("penanda tangan"), max_length=120, blank=True)
    position = models.CharField(_("jabatan"), max_length=120, blank=True)
    place = models.CharField(_("tempat penandatanganan"), max_length=80, blank=True)
    signed_on = models.DateField(_("ditandatangani"), null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("penyusun")
    )
    written_at = models.DateTimeField(_("disusun"))
    published_at = models.DateTimeField(_("terbit"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("digantikan"), null=True, blank=True)

    class Meta:
        verbose_name = _("maklumat pelayanan")
        verbose_name_plural = _("maklumat pelayanan")
        ordering: ClassVar = ["mall", "presence", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mall"], condition=OF_MALL & DRAFT, name="one_draft_pledge_of_mall"
            ),
            models.UniqueConstraint(
                fields=["mall"], condition=OF_MALL & IN_FORCE, name="one_pledge_of_mall"
            ),
            models.UniqueConstraint(
                fields=["presence"], condition=OF_AGENCY & DRAFT, name="one_draft_pledge_of_agency"
            ),
            models.UniqueConstraint(
                fields=["presence"], condition=OF_AGENCY & IN_FORCE, name="one_pledge_of_agency"
            ),
            models.CheckConstraint(
                condition=DRAFT | (~Q(signatory="") & ~Q(position="") & Q(signed_on__isnull=False)),
                name="pledge_signed",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(published_at__isnull=False),
                name="pledge_replaced_after_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.presence or self.mall}"
