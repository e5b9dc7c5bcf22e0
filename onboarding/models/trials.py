"""Sheets that were tried out and may be imported."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall


class Trial(models.Model):
    """The rows of a sheet in which nothing was wrong. Only imports/trials.py writes it."""

    mall = models.ForeignKey(Mall, models.CASCADE, related_name="+", verbose_name=_("mal"))
    kind = models.SlugField(_("jenis"), max_length=12)
    columns = models.JSONField()
    rows = models.JSONField()  # emptied by the import
    shown = models.CharField(max_length=64)  # the fingerprint of what the trial said
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("diuji coba"))
    imported_at = models.DateTimeField(_("diimpor"), null=True, blank=True)

    class Meta:
        verbose_name = _("uji coba impor")
        verbose_name_plural = _("uji coba impor")
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
