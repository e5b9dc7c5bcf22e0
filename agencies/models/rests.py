"""What may be out of use for some days: counters, queues and services."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Resting(models.Model):
    """In use but for one rest, which may be to come, or be over, or have no end.

    `is_active` is what holds until further notice and was said at once; a rest is said for its
    days. New things that begin on a day rest until its eve. Beside the admin only
    onboarding/arranging writes either.
    """

    is_active = models.BooleanField(_("aktif"), default=True)
    rests_from = models.DateField(_("tidak dipakai sejak"), null=True, blank=True)
    rests_until = models.DateField(_("tidak dipakai sampai"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(rests_until=None) | Q(rests_from__lte=F("rests_until")),
                name="%(class)s_rest_in_order",
                violation_error_message=_("Hari terakhir tidak boleh sebelum hari pertamanya."),
            )
        ]

    def is_in_use(self, on: date) -> bool:
        """Whether it is in use on a day, as `in_use` filters."""
        return self.is_active and not self.rests_on(on)

    def rests_on(self, on: date) -> bool:
        """Whether its rest covers a day."""
        is_over = self.rests_until is not None and self.rests_until < on
        return self.rests_from is not None and self.rests_from <= on and not is_over


def in_use(day: date, through: str = "") -> Q:
    """What is in use on a day, reached through a relation such as "counter"."""
    at = f"{through}__" if through else ""
    rests_otherwise = (
        Q(**{f"{at}rests_from": None})
        | Q(**{f"{at}rests_from__gt": day})
        | Q(**{f"{at}rests_until__lt": day})
    )
    return Q(**{f"{at}is_active": True}) & rests_otherwise


def in_use_sql(table: str) -> str:
    """The same as a condition on a table, for the day that is named %(on)s."""
    return (
        f"{table}.is_active AND ({table}.rests_from IS NULL"
        f" OR {table}.rests_from > %(on)s OR {table}.rests_until < %(on)s)"
    )
