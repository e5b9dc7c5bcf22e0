"""Answers to the satisfaction survey. Only surveys.py writes them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall, Presence
from feedback.questions import (
    BEST,
    WORST,
    Age,
    Education,
    Element,
    HalfDay,
    Occupation,
    Sex,
)
from services.models import Service


class Opinion(models.Model):
    """What one visitor thinks of a service: no name, no visit, no moment, only a half-day.

    The mark says that a visit has been asked for its opinion, and nothing else without the key.
    """

    mall = models.ForeignKey(
        Mall, models.PROTECT, related_name="+", db_index=False, verbose_name=_("mal")
    )
    presence = models.ForeignKey(
        Presence,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("instansi di mal"),
    )
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="+", db_index=False, verbose_name=_("layanan")
    )
    date = models.DateField(_("tanggal"))
    half_day = models.PositiveSmallIntegerField(_("waktu survei"), choices=HalfDay)
    mark = models.CharField(max_length=64)
    u1 = models.PositiveSmallIntegerField(Element.REQUIREMENTS.label)
    u2 = models.PositiveSmallIntegerField(Element.PROCEDURE.label)
    u3 = models.PositiveSmallIntegerField(Element.TIME.label)
    u4 = models.PositiveSmallIntegerField(Element.COST.label)
    u5 = models.PositiveSmallIntegerField(Element.PRODUCT.label)
    u6 = models.PositiveSmallIntegerField(Element.COMPETENCE.label)
    u7 = models.PositiveSmallIntegerField(Element.BEHAVIOUR.label)
    u8 = models.PositiveSmallIntegerField(Element.COMPLAINTS.label)
    u9 = models.PositiveSmallIntegerField(Element.FACILITIES.label)
    age = models.PositiveSmallIntegerField(_("usia"), choices=Age, null=True)
    sex = models.PositiveSmallIntegerField(_("jenis kelamin"), choices=Sex, null=True)
    education = models.PositiveSmallIntegerField(_("pendidikan"), choices=Education, null=True)
    occupation = models.PositiveSmallIntegerField(_("pekerjaan"), choices=Occupation, null=True)
    # People write names and numbers into anything that takes text.
    sealed_text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("jawaban survei")
        verbose_name_plural = _("jawaban survei")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mark"], name="one_opinion_per_visit"),
            models.CheckConstraint(
                condition=Q(*((f"{each.field}__gte", WORST) for each in Element))
                & Q(*((f"{each.field}__lte", BEST) for each in Element)),
                name="scores_from_one_to_four",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["presence", "date"], name="opinion_of_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.date} {self.pk}"
