"""Agreements with agencies: who signed what, and what of it holds from which date on."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.agreement_states import Recorded
from agencies.models.agencies import Agency, Presence
from agencies.models.places import Mall


class Ceremony(models.Model):
    """An occasion on which much is signed or opened at once, before witnesses."""

    class Kind(models.TextChoices):
        COMMITMENT = "commitment", _("Penandatanganan komitmen")
        SIGNING = "signing", _("Penandatanganan kerja sama")
        INAUGURATION = "inauguration", _("Peresmian")

    kind = models.CharField(_("jenis"), max_length=12, choices=Kind)
    title = models.CharField(_("nama acara"), max_length=160)
    held_on = models.DateField(_("tanggal"))
    place = models.CharField(_("tempat"), max_length=160)
    present = models.JSONField(_("yang hadir"), default=list, blank=True)
    document = models.ForeignKey(
        "core.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("berkas"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("dicatat"))

    class Meta:
        verbose_name = _("acara")
        verbose_name_plural = _("acara")
        ordering: ClassVar = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.title


class Agreement(models.Model):
    """A document between a mall's organiser and one or more agencies; its register writes it."""

    class Kind(models.TextChoices):
        MEMORANDUM = "memorandum", _("Nota kesepahaman")
        JOINT = "joint", _("Kesepakatan bersama")
        COOPERATION = "cooperation", _("Perjanjian kerja sama")
        ADDENDUM = "addendum", _("Adendum")

    mall = models.ForeignKey(Mall, models.PROTECT, related_name="agreements", verbose_name=_("mal"))
    kind = models.CharField(_("jenis"), max_length=11, choices=Kind)
    title = models.CharField(_("judul"), max_length=200)
    amends = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="addenda",
        verbose_name=_("mengubah"),
    )
    renews = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name=_("memperpanjang"),
    )
    state = models.CharField(_("status"), max_length=10, choices=Recorded, default=Recorded.DRAFT)
    from_date = models.DateField(_("berlaku sejak"))
    until_date = models.DateField(_("berlaku sampai"), null=True, blank=True)
    signed_on = models.DateField(_("ditandatangani"), null=True, blank=True)
    signed_at = models.CharField(_("tempat penandatanganan"), max_length=160, blank=True)
    # When the portal learned of it: from then on the counters follow.
    recorded_at = models.DateTimeField(_("dicatat bertanda tangan"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dicatat oleh"),
    )
    ceremony = models.ForeignKey(
        Ceremony,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("acara"),
    )
    ended_on = models.DateField(_("hari terakhir"), null=True, blank=True)
    end_reason = models.CharField(_("alasan diakhiri"), max_length=300, blank=True)
    renewal_terms = models.CharField(_("ketentuan perpanjangan"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("dibuat"))

    class Meta:
        verbose_name = _("perjanjian")
        verbose_name_plural = _("perjanjian")
        ordering: ClassVar = ["mall", "-from_date", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")),
                name="agreement_in_order",
                violation_error_message=_("Hari terakhir tidak boleh sebelum hari pertamanya."),
            ),
            models.CheckConstraint(
                condition=Q(kind="addendum", amends__isnull=False)
                | (~Q(kind="addendum") & Q(amends=None)),
                name="addendum_amends_something",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", signed_on=None)
                | (~Q(state="draft") & Q(signed_on__isnull=False)),
                name="signed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="terminated", ended_on__isnull=False)
                | (~Q(state="terminated") & Q(ended_on=None)),
                name="terminated_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_binding(self) -> bool:
        """Whether counters follow it; the queryset of terms says the same."""
        first = self.amends or self
        return first.kind == self.Kind.COOPERATION


class Party(models.Model):
    """Who signs: the organiser (no agency) or an agency, with its own number of the document."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="parties", verbose_name=_("perjanjian")
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signed",
        verbose_name=_("instansi"),
    )
    number = models.CharField(_("nomor"), max_length=80, blank=True)
    signatory = models.CharField(_("penanda tangan"), max_length=120, blank=True)
    position = models.CharField(_("jabatan"), max_length=120, blank=True)
    rank = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        verbose_name = _("pihak")
        verbose_name_plural = _("pihak")
        ordering: ClassVar = ["agreement", "rank", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement", "agency"], name="party_once", nulls_distinct=None
            )
        ]

    def __str__(self) -> str:
        return self.signatory or str(self.agency_id or "")


class TermQuerySet(models.QuerySet["Term"]):
    def binding(self) -> "TermQuerySet":
        """Those that counters follow: of cooperation agreements and of what amends them.

        Memoranda and joint agreements are frameworks: they say what is meant, and bind nobody yet.
        """
        own = Q(agreement__kind=Agreement.Kind.COOPERATION)
        return self.filter(own | Q(agreement__amends__kind=Agreement.Kind.COOPERATION))

    def signed(self) -> "TermQuerySet":
        return self.exclude(agreement__state=Recorded.DRAFT)


class Term(models.Model):
    """What an agreement promises of one agency: days, hours, counters, staff, and what it costs.

    A later term of the same agency takes the place of an earlier one from its first day on; the
    earlier one keeps what it said until then.
    """

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="terms", verbose_name=_("perjanjian")
    )
    presence = models.ForeignKey(
        Presence, models.PROTECT, related_name="terms", verbose_name=_("instansi di mal")
    )
    from_date = models.DateField(_("sejak"))
    until_date = models.DateField(_("sampai"), null=True, blank=True)
    weekdays = models.JSONField(_("hari hadir"), default=list)
    opens = models.TimeField(_("mulai pukul"), null=True, blank=True)
    closes = models.TimeField(_("sampai pukul"), null=True, blank=True)
    counters = models.ManyToManyField(
        "agencies.Counter", related_name="terms", blank=True, verbose_name=_("loket")
    )
    staff = models.PositiveSmallIntegerField(_("jumlah petugas"), null=True, blank=True)
    facilities = models.TextField(_("sarana"), blank=True)
    charge = models.DecimalField(
        _("biaya per bulan"), max_digits=12, decimal_places=0, null=True, blank=True
    )
    charge_note = models.CharField(_("keterangan biaya"), max_length=200, blank=True)
    covers_all = models.BooleanField(_("semua layanan instansi ini"), default=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("isi perjanjian")
        verbose_name_plural = _("isi perjanjian")
        ordering: ClassVar = ["presence", "-from_date", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "presence"], name="one_term_per_agency"),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")),
                name="term_in_order",
            ),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None) | Q(opens__lt=F("closes")),
                name="term_hours_in_order",
                violation_error_message=_("Jam mulai harus sebelum jam selesai."),
            ),
            models.CheckConstraint(
                condition=Q(charge=None) | Q(charge__gte=0), name="charge_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.presence} {self.from_date}"


class AgreementFile(models.Model):
    """A scan that belongs to an agreement."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="files", verbose_name=_("perjanjian")
    )
    file = models.ForeignKey(
        "core.StoredFile", models.PROTECT, related_name="+", verbose_name=_("berkas")
    )
    title = models.CharField(_("judul"), max_length=120)
    # A wrong scan of what is signed is shown to nobody any more, but it stays.
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ditarik oleh"),
    )
    withdrawn_for = models.CharField(_("alasan ditarik"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("berkas perjanjian")
        verbose_name_plural = _("berkas perjanjian")
        ordering: ClassVar = ["agreement", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_for="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_for=""),
                name="scan_withdrawn_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.title
