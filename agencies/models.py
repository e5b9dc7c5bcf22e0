"""Regions, malls, the agencies present at them, their counters and opening hours."""

from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import SCOPE_OF, Role, Scope


class Zone(models.TextChoices):
    WIB = "Asia/Jakarta", "WIB"
    WIB_PONTIANAK = "Asia/Pontianak", "WIB (Pontianak)"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class Weekday(models.IntegerChoices):
    """Numbered as Python numbers them."""

    MONDAY = 0, _("Senin")
    TUESDAY = 1, _("Selasa")
    WEDNESDAY = 2, _("Rabu")
    THURSDAY = 3, _("Kamis")
    FRIDAY = 4, _("Jumat")
    SATURDAY = 5, _("Sabtu")
    SUNDAY = 6, _("Minggu")


class Category(models.TextChoices):
    """The eight kinds of agency; BPJS is a public-law body, not a state enterprise."""

    OPD = "opd", _("Perangkat daerah")
    PROVINCIAL = "provincial", _("Pemerintah provinsi")
    VERTICAL = "vertical", _("Instansi vertikal")
    JUDICIARY = "judiciary", _("Lembaga peradilan dan penegak hukum")
    BUMN = "bumn", _("BUMN")
    BUMD = "bumd", _("BUMD")
    PUBLIC_BODY = "public_body", _("Badan hukum publik")
    PRIVATE = "private", _("Swasta")


class Region(models.Model):
    """A regency or city, by its Kemendagri code such as 32.16."""

    code = models.CharField(
        _("kode wilayah"),
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^\d{2}\.\d{2}$", _("Tulis seperti 32.16."))],
    )
    name = models.CharField(_("nama"), max_length=80)
    province = models.CharField(_("provinsi"), max_length=60)
    zone = models.CharField(_("zona waktu"), max_length=20, choices=Zone, default=Zone.WIB)

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class Mall(models.Model):
    """A hall (MPP) or a smaller branch (gerai, GPP); one DPMPTSP may run several."""

    class Kind(models.TextChoices):
        MPP = "mpp", _("Mal Pelayanan Publik")
        GPP = "gpp", _("Gerai Pelayanan Publik")

    class Stage(models.TextChoices):
        COMMITMENT = "commitment", _("Penandatanganan komitmen")
        PREPARATION = "preparation", _("Persiapan")
        AGREEMENT = "agreement", _("Kerja sama")
        SOFT_LAUNCH = "soft_launch", _("Soft launching")
        INAUGURATED = "inaugurated", _("Diresmikan")

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="malls", verbose_name=_("wilayah")
    )
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("nama"), max_length=120)
    short_name = models.CharField(_("nama singkat"), max_length=40)
    kind = models.CharField(_("jenis"), max_length=3, choices=Kind, default=Kind.MPP)
    stage = models.CharField(_("tahap"), max_length=12, choices=Stage, default=Stage.PREPARATION)
    place_name = models.CharField(_("nama tempat"), max_length=120, blank=True)
    address = models.CharField(_("alamat"), max_length=200, blank=True)
    organiser = models.CharField(_("penyelenggara"), max_length=120)
    facilities = models.JSONField(_("fasilitas"), default=list, blank=True)
    closes_on_joint_leave = models.BooleanField(_("tutup saat cuti bersama"), default=True)
    priority_ratio = models.PositiveSmallIntegerField(
        _("prioritas per satu reguler"),
        default=2,
        help_text=_("Sebanyak ini orang prioritas dipanggil sebelum satu orang reguler."),
    )
    example_fields = models.JSONField(_("isian contoh"), default=list, blank=True)

    class Meta:
        verbose_name = _("mal")
        verbose_name_plural = _("mal")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(priority_ratio__gte=1, priority_ratio__lte=9), name="mall_ratio_1_to_9"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone that decides what day it is here; the region must be loaded with the mall."""
        return ZoneInfo(self.region.zone)


class Agency(models.Model):
    """An organisation that runs counters: regional, central, enterprise or private."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("nama"), max_length=160)
    short_name = models.CharField(_("nama singkat"), max_length=40)
    category = models.CharField(_("kategori"), max_length=12, choices=Category)

    class Meta:
        verbose_name = _("instansi")
        verbose_name_plural = _("instansi")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """An agency present at a mall: where it sits and what the board calls it."""

    mall = models.ForeignKey(Mall, models.PROTECT, related_name="presences", verbose_name=_("mal"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="presences", verbose_name=_("instansi")
    )
    board_name = models.CharField(_("nama di papan"), max_length=40)
    place = models.CharField(_("letak"), max_length=80, blank=True)
    icon = models.SlugField(_("ikon"), max_length=40, default="building-2")
    is_active = models.BooleanField(_("aktif"), default=True)
    example_fields = models.JSONField(_("isian contoh"), default=list, blank=True)

    class Meta:
        verbose_name = _("instansi di mal")
        verbose_name_plural = _("instansi di mal")
        ordering: ClassVar = ["mall", "board_name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "agency"], name="one_presence_per_mall")
        ]

    def __str__(self) -> str:
        return f"{self.agency} – {self.mall.short_name}"


class Counter(models.Model):
    """A numbered window (loket); agencies may share it on different weekdays."""

    mall = models.ForeignKey(Mall, models.PROTECT, related_name="counters", verbose_name=_("mal"))
    number = models.CharField(
        _("nomor loket"),
        max_length=4,
        validators=[RegexValidator(r"^[1-9]\d{0,2}[A-Z]?$", _("Tulis seperti 7, 12 atau 12A."))],
    )
    place = models.CharField(_("letak"), max_length=80, blank=True)
    is_active = models.BooleanField(_("aktif"), default=True)

    class Meta:
        verbose_name = _("loket")
        verbose_name_plural = _("loket")
        ordering: ClassVar = ["mall", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "number"], name="counter_number_per_mall")
        ]

    def __str__(self) -> str:
        return _("Loket %s") % self.number


class Break(models.Model):
    """What rotas and hours have in common; a break is both of its ends or none."""

    break_from = models.TimeField(_("istirahat dari"), null=True, blank=True)
    break_until = models.TimeField(_("istirahat sampai"), null=True, blank=True)

    class Meta:
        abstract = True


class CounterDay(Break):
    """On this weekday the counter belongs to this agency; so an agency's days follow from it.

    Its break is the rota: when this counter rests while others go on.
    """

    counter = models.ForeignKey(
        Counter, models.CASCADE, related_name="days", verbose_name=_("loket")
    )
    presence = models.ForeignKey(
        Presence, models.CASCADE, related_name="counter_days", verbose_name=_("instansi di mal")
    )
    weekday = models.PositiveSmallIntegerField(_("hari"), choices=Weekday)

    class Meta:
        verbose_name = _("hari loket")
        verbose_name_plural = _("hari loket")
        ordering: ClassVar = ["counter", "weekday"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["counter", "weekday"], name="one_agency_per_counter_and_weekday"
            ),
            models.CheckConstraint(
                condition=Q(break_from__isnull=True, break_until__isnull=True)
                | Q(break_from__lt=F("break_until")),
                name="sound_counter_break",
                violation_error_message=_("Istirahat loket lengkap dengan awal dan akhirnya."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter} {self.get_weekday_display()}"


def _sound_hours(name: str, *, opens_required: bool) -> models.CheckConstraint:
    order = Q(opens__lt=F("closes")) & (
        Q(break_from__isnull=True, break_until__isnull=True)
        | Q(
            break_from__gte=F("opens"),
            break_until__lte=F("closes"),
            break_from__lt=F("break_until"),
        )
    )
    closed = Q(opens=None, closes=None, break_from=None, break_until=None)
    return models.CheckConstraint(
        condition=order if opens_required else order | closed,
        name=name,
        violation_error_message=_(
            "Jam buka harus sebelum jam tutup, dan istirahat di antaranya lengkap dengan akhirnya."
        ),
    )


class OpeningHours(Break):
    """The ordinary hours of one weekday; a weekday without a row is closed."""

    mall = models.ForeignKey(Mall, models.CASCADE, related_name="weekly", verbose_name=_("mal"))
    weekday = models.PositiveSmallIntegerField(_("hari"), choices=Weekday)
    opens = models.TimeField(_("buka"))
    closes = models.TimeField(_("tutup"))

    class Meta:
        verbose_name = _("jam layanan")
        verbose_name_plural = _("jam layanan")
        ordering: ClassVar = ["mall", "weekday"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "weekday"], name="one_hours_per_weekday"),
            _sound_hours("sound_opening_hours", opens_required=True),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H.%M}–{self.closes:%H.%M}"


class DatedHours(Break):
    """Other hours for a range of days (Ramadan, a festival), or closed when they are empty."""

    opens = models.TimeField(_("buka"), null=True, blank=True)
    closes = models.TimeField(_("tutup"), null=True, blank=True)
    mall = models.ForeignKey(Mall, models.CASCADE, related_name="dated", verbose_name=_("mal"))
    from_date = models.DateField(_("dari tanggal"))
    until_date = models.DateField(_("sampai tanggal"))
    weekday = models.PositiveSmallIntegerField(
        _("hanya hari"), choices=Weekday, null=True, blank=True
    )
    reason = models.CharField(_("alasan"), max_length=80)
    overrides_holidays = models.BooleanField(_("buka juga pada hari libur"), default=False)

    class Meta:
        verbose_name = _("jam khusus")
        verbose_name_plural = _("jam khusus")
        ordering: ClassVar = ["mall", "from_date"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_date__lte=F("until_date")), name="dated_hours_in_order"
            ),
            _sound_hours("sound_dated_hours", opens_required=False),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.from_date}–{self.until_date}"


class Holiday(models.Model):
    """A national holiday or joint leave (cuti bersama) as decreed; editable, dates get added."""

    day = models.DateField(_("tanggal"))
    name = models.CharField(_("nama"), max_length=120)
    is_joint_leave = models.BooleanField(_("cuti bersama"), default=False)

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "name"], name="holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def valid(self, on: date) -> "AssignmentQuerySet":
        return self.filter(Q(until=None) | Q(until__gte=on), user__is_active=True)


class Assignment(models.Model):
    """A role given to somebody, for one agency at one mall, for one mall, or for the nation."""

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
    until = models.DateField(_("sampai tanggal"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("penugasan")
        verbose_name_plural = _("penugasan")
        ordering: ClassVar = ["user", "role"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "mall", "agency"],
                name="assignment_once",
                nulls_distinct=None,
            ),
            models.CheckConstraint(
                condition=(
                    Q(role__in=[r for r in Role if SCOPE_OF[r] == Scope.AGENCY])
                    & Q(mall__isnull=False, agency__isnull=False)
                )
                | (
                    Q(role__in=[r for r in Role if SCOPE_OF[r] == Scope.MALL])
                    & Q(mall__isnull=False, agency__isnull=True)
                )
                | (
                    Q(role__in=[r for r in Role if SCOPE_OF[r] == Scope.NATION])
                    & Q(mall__isnull=True, agency__isnull=True)
                ),
                name="assignment_scope_fits_role",
                violation_error_message=_(
                    "Peran di instansi perlu mal dan instansi, admin mal hanya mal,"
                    " peran nasional tanpa keduanya."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
