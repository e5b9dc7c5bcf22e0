"""The way of a mall: what happened when, what is to be prepared, and what the coach found."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Ceremony, Mall
from onboarding.states import ONCE, Act, Half, Stage


class Milestone(models.Model):
    """Something that happened on the way of a mall; never edited. Only way.py writes it."""

    mall = models.ForeignKey(Mall, models.PROTECT, related_name="milestones", verbose_name=_("mal"))
    act = models.CharField(_("peristiwa"), max_length=10, choices=Act)
    came_from = models.CharField(_("tahap sebelumnya"), max_length=12, choices=Stage, blank=True)
    led_to = models.CharField(_("tahap sesudahnya"), max_length=12, choices=Stage)
    on = models.DateField(_("tanggal"))
    place = models.CharField(_("tempat acara"), max_length=160, blank=True)
    ceremony = models.ForeignKey(
        Ceremony,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name=_("acara"),
    )
    document_number = models.CharField(_("nomor dokumen"), max_length=120, blank=True)
    document = models.ForeignKey(
        "core.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("berkas"),
    )
    present = models.JSONField(_("yang hadir"), default=list, blank=True)
    note = models.TextField(_("catatan"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("dicatat"))

    class Meta:
        verbose_name = _("tonggak")
        verbose_name_plural = _("tonggak")
        ordering: ClassVar = ["mall", "pk"]
        constraints: ClassVar = [
            # A mall commits itself once, and opens once; two clicks cannot make two of them.
            models.UniqueConstraint(
                fields=["mall", "act"], condition=Q(act__in=ONCE), name="each_step_once_per_mall"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["mall", "on"], name="milestones_of_mall")]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.on}"


class Location(models.Model):
    """Where a mall was or is, from a date on; the latest one is also on the mall itself."""

    mall = models.ForeignKey(Mall, models.CASCADE, related_name="locations", verbose_name=_("mal"))
    from_date = models.DateField(_("sejak"))
    place_name = models.CharField(_("nama tempat"), max_length=120)
    address = models.CharField(_("alamat"), max_length=200)
    milestone = models.OneToOneField(
        Milestone, models.PROTECT, null=True, blank=True, related_name="location"
    )

    class Meta:
        verbose_name = _("tempat")
        verbose_name_plural = _("tempat")
        ordering: ClassVar = ["mall", "from_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "from_date"], name="one_place_per_date")
        ]

    def __str__(self) -> str:
        return self.place_name


class Task(models.Model):
    """One item of the preparation of a mall. Only preparing.py writes it."""

    mall = models.ForeignKey(Mall, models.CASCADE, related_name="tasks", verbose_name=_("mal"))
    half = models.CharField(_("bagian"), max_length=10, choices=Half)
    # The items every mall has are known by their code; those a mall adds have none.
    code = models.SlugField(_("kode"), max_length=40, blank=True)
    name = models.CharField(_("nama"), max_length=160)
    rank = models.PositiveSmallIntegerField(_("urutan"), default=0)
    owner = models.CharField(_("penanggung jawab"), max_length=120, blank=True)
    due = models.DateField(_("tenggat"), null=True, blank=True)
    done_on = models.DateField(_("selesai"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dicatat oleh"),
    )
    evidence = models.ForeignKey(
        "core.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bukti"),
    )
    evidence_note = models.CharField(_("keterangan bukti"), max_length=200, blank=True)
    is_needed = models.BooleanField(_("diperlukan"), default=True)
    not_needed_for = models.CharField(_("alasan tidak diperlukan"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("butir persiapan")
        verbose_name_plural = _("butir persiapan")
        ordering: ClassVar = ["mall", "half", "rank", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mall", "code"], condition=~Q(code=""), name="task_once_per_mall"
            ),
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None)
                | Q(done_on__isnull=False, done_by__isnull=False),
                name="task_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_needed=True, not_needed_for="")
                | (Q(is_needed=False, done_on=None) & ~Q(not_needed_for="")),
                name="task_not_needed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CoachNote(models.Model):
    """What the ministry's coach found on a visit, and until when it is to be mended."""

    mall = models.ForeignKey(Mall, models.CASCADE, related_name="notes", verbose_name=_("mal"))
    task = models.ForeignKey(
        Task,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("butir persiapan"),
    )
    visited_on = models.DateField(_("tanggal kunjungan"))
    text = models.TextField(_("catatan"))
    due = models.DateField(_("tenggat"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("dicatat"))
    answer = models.TextField(_("tindak lanjut"), blank=True)
    answered_at = models.DateTimeField(_("ditindaklanjuti"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ditindaklanjuti oleh"),
    )
    closed_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    # A coach who is not content asks again with a note of its own, so that no answer is lost.
    follows = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("lanjutan dari"),
    )

    class Meta:
        verbose_name = _("catatan pendamping")
        verbose_name_plural = _("catatan pendamping")
        ordering: ClassVar = ["mall", "-visited_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due=None) | Q(due__gte=F("visited_on")), name="coach_note_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.visited_on}"
