"""Complaints and their events. Only complaints.py writes them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall, Presence
from appointments.models.bookings import legal
from feedback.states import BEGINS, MOVES, OPEN, SAYS, Kind, Move, State
from notifications.models import Contact
from services.models import Service


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def with_names(self) -> "ComplaintQuerySet":
        """Everything a screen prints of a complaint, in one query."""
        return self.select_related("mall__region", "presence__agency", "service", "contact")


class Complaint(models.Model):
    """What somebody complains of, asks or proposes; whoever has its link reads the answer.

    Text and name are sealed each by itself; phone and address stand with the contact, sealed too.
    """

    mall = models.ForeignKey(
        Mall, models.PROTECT, related_name="+", db_index=False, verbose_name=_("mal")
    )
    # The agency that answers; none where it is a matter of the house.
    presence = models.ForeignKey(
        Presence, models.PROTECT, null=True, related_name="+", verbose_name=_("instansi di mal")
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("layanan"),
    )
    kind = models.PositiveSmallIntegerField(_("jenis"), choices=Kind)
    state = models.PositiveSmallIntegerField(_("keadaan"), choices=State)
    code = models.CharField(_("nomor"), max_length=8, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    sealed_token = models.CharField(max_length=200)
    date = models.DateField(_("tanggal diterima"))
    received_at = models.DateTimeField(_("diterima"))
    due_on = models.DateField(_("tenggat"))
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+", verbose_name=_("kontak")
    )
    sealed_name = models.CharField(max_length=600, blank=True)
    sealed_text = models.TextField()

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("pengaduan")
        verbose_name_plural = _("pengaduan")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=sorted(State)), name="complaint_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=sorted(Kind)), name="complaint_kind_known"),
            models.CheckConstraint(condition=~Q(sealed_text=""), name="complaint_says_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mall", "-received_at"], name="complaint_of_mall"),
            models.Index(
                fields=["due_on"], name="complaint_due", condition=Q(state__in=sorted(OPEN))
            ),
        ]

    def __str__(self) -> str:
        return f"ADU-{self.code[:4]}-{self.code[4:]}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_in_work(self) -> bool:
        return self.state == State.IN_WORK


class ComplaintEvent(models.Model):
    """One move of a complaint: history and audit at once. Never edited, names nobody."""

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="events", verbose_name=_("pengaduan")
    )
    move = models.PositiveSmallIntegerField(_("langkah"), choices=Move)
    origin = models.PositiveSmallIntegerField(_("keadaan asal"), choices=State, null=True)
    target = models.PositiveSmallIntegerField(_("keadaan baru"), choices=State)
    presence = models.ForeignKey(
        Presence,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("instansi di mal"),
    )
    due_on = models.DateField(_("tenggat"))
    at = models.DateTimeField(_("waktu"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("petugas"),
    )
    sealed_text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("peristiwa pengaduan")
        verbose_name_plural = _("peristiwa pengaduan")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=legal(BEGINS, MOVES), name="complaint_event_is_a_legal_move"
            ),
            models.CheckConstraint(
                condition=~Q(move__in=sorted(SAYS)) | ~Q(sealed_text=""),
                name="an_answer_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.complaint_id}"
