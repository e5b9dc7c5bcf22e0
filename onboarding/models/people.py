"""Those who are asked to work here and have not answered yet."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import SCOPE_OF, Role, Scope
from agencies.models import Agency, Mall

OF_A_PROVINCE = [role for role, scope in SCOPE_OF.items() if scope == Scope.PROVINCE]
OPEN = Q(accepted_at=None, withdrawn_at=None)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn, though perhaps too old."""
        return self.filter(OPEN)


class Invitation(models.Model):
    """A role offered to an e-mail address; the link is known to that address alone.

    Only inviting.py and accepting.py write it.
    """

    email = models.EmailField(_("surel"))
    name = models.CharField(_("nama"), max_length=120)
    role = models.CharField(_("peran"), max_length=20, choices=Role)
    mall = models.ForeignKey(
        Mall, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("mal")
    )
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("instansi")
    )
    # For roles of a province only, by its name in the list of regions.
    province = models.CharField(_("provinsi"), max_length=60, blank=True)
    # Whether the link went by mail to that address, so that nobody else has seen it.
    is_mailed = models.BooleanField(_("dikirim lewat surel"), default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("dikirim"))
    expires_at = models.DateTimeField(_("berlaku sampai"))
    accepted_at = models.DateTimeField(_("diterima"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diterima oleh"),
    )
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("undangan")
        verbose_name_plural = _("undangan")
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["email", "role", "mall", "agency", "province"],
                condition=OPEN,
                name="one_open_invitation",
                nulls_distinct=None,
            ),
            # Empty places are never equal to each other, so two more for roles without them.
            models.UniqueConstraint(
                fields=["email", "role", "mall"],
                condition=OPEN & Q(agency=None, mall__isnull=False),
                name="one_open_invitation_to_a_mall",
            ),
            models.UniqueConstraint(
                fields=["email", "role", "province"],
                condition=OPEN & Q(mall=None),
                name="one_open_invitation_to_all",
            ),
            models.CheckConstraint(
                condition=Q(role__in=OF_A_PROVINCE, mall=None, agency=None) & ~Q(province="")
                | ~Q(role__in=OF_A_PROVINCE) & Q(province=""),
                name="invitation_province_fits_role",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at=None),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.at:%Y-%m-%d}"
