"""Who is what, and where."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import SCOPE_OF, Role, Scope
from agencies.models.agencies import Agency
from agencies.models.counters import Counter
from agencies.models.places import Mall


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_force(self, on: date) -> "AssignmentQuerySet":
        """Those that have not run out, whatever became of the account."""
        return self.filter(Q(until=None) | Q(until__gte=on))

    def valid(self, on: date) -> "AssignmentQuerySet":
        return self.in_force(on).filter(user__is_active=True)


class Assignment(models.Model):
    """A role given to somebody: for an agency at a mall, a mall, a province, or the nation.

    Beside the admin only staffing.py writes it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="assignments",
        verbose_name=_("pengguna"),
    )
    role = models.CharField(_("peran"), max_length=20, choices=Role)
    mall = models.ForeignKey(
        Mall, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("mal")
    )
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("instansi")
    )
    # For roles of a province only, by its name in the list of regions.
    province = models.CharField(_("provinsi"), max_length=60, blank=True)
    until = models.DateField(_("sampai tanggal"), null=True, blank=True)
    # Only these of the agency's counters; none named means all of them. Arranged on its own page:
    # a list of every counter of the nation helps nobody in the admin.
    counters = models.ManyToManyField(
        Counter, related_name="+", editable=False, verbose_name=_("loket")
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("penugasan")
        verbose_name_plural = _("penugasan")
        ordering: ClassVar = ["user", "role"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "mall", "agency", "province"],
                name="assignment_once",
                nulls_distinct=None,
            ),
            # Empty places are never equal to each other, so two more for roles without them.
            models.UniqueConstraint(
                fields=["user", "role", "mall"],
                condition=Q(agency=None, mall__isnull=False),
                name="assignment_once_per_mall",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "province"],
                condition=Q(mall=None),
                name="assignment_once_in_nation",
            ),
            models.CheckConstraint(
                condition=(
                    Q(role__in=[r for r in Role if SCOPE_OF[r] == Scope.AGENCY])
                    & Q(mall__isnull=False, agency__isnull=False, province="")
                )
                | (
                    Q(role__in=[r for r in Role if SCOPE_OF[r] == Scope.MALL])
                    & Q(mall__isnull=False, agency__isnull=True, province="")
                )
                | (
                    Q(role__in=[r for r in Role if SCOPE_OF[r] == Scope.PROVINCE])
                    & Q(mall__isnull=True, agency__isnull=True)
                    & ~Q(province="")
                )
                | (
                    Q(role__in=[r for r in Role if SCOPE_OF[r] == Scope.NATION])
                    & Q(mall__isnull=True, agency__isnull=True, province="")
                ),
                name="assignment_scope_fits_role",
                violation_error_message=_(
                    "Peran di instansi perlu mal dan instansi, admin mal hanya mal, pemantau"
                    " provinsi hanya provinsi, peran nasional tanpa ketiganya."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
