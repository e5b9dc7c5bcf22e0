"""What stands and happens in the hall beside the queue: screens, notices, closed counters, alarms.

Only devices.py, announcements.py, closures.py, alarms.py and record.py write these rows.
"""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter, Mall, Presence


class Board(models.Model):
    """The version of everything a mall's screens show.

    Its row is raised in the transaction of every event, so commit order is version order.
    """

    mall = models.OneToOneField(
        Mall, models.CASCADE, primary_key=True, related_name="board", verbose_name=_("mal")
    )
    version = models.BigIntegerField(_("versi layar"), default=0)

    class Meta:
        verbose_name = _("versi layar")
        verbose_name_plural = _("versi layar")
        db_table = "queueing_board"  # where it stood before the hall had an app of its own

    def __str__(self) -> str:
        return f"{self.mall_id}: {self.version}"


class HallEvent(models.Model):
    """One act in the hall: audit and board version at once, as TicketEvent is. Never edited."""

    mall = models.ForeignKey(Mall, models.PROTECT, related_name="+", verbose_name=_("mal"))
    version = models.BigIntegerField(_("versi layar"))
    act = models.CharField(_("perbuatan"), max_length=40)
    subject_id = models.BigIntegerField(_("baris"))
    # Nobody, when a device enrols itself with a code.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("oleh"),
    )
    at = models.DateTimeField(_("waktu"))
    detail = models.CharField(_("keterangan"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("peristiwa ruang pelayanan")
        verbose_name_plural = _("peristiwa ruang pelayanan")
        ordering: ClassVar = ["mall", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "version"], name="hall_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject_id}"


class DeviceQuerySet(models.QuerySet["Device"]):
    def in_use(self) -> "DeviceQuerySet":
        """Enrolled and not revoked."""
        return self.filter(revoked_at=None).exclude(token_hash="")


class Device(models.Model):
    """A kiosk, a board or a printer of a mall, known by a token that only it holds."""

    class Kind(models.TextChoices):
        KIOSK = "kiosk", _("Mesin antrean")
        BOARD = "board", _("Papan antrean")
        PRINTER = "printer", _("Pencetak tiket")

    class Theme(models.TextChoices):
        DARK = "dark", _("Gelap")
        LIGHT = "light", _("Terang")
        DAY = "day", _("Terang pada siang hari")

    class Voice(models.TextChoices):
        CLIPS = "clips", _("Rekaman")
        BROWSER = "browser", _("Suara peramban, bila ada yang Indonesia")
        SILENT = "silent", _("Tanpa suara")

    mall = models.ForeignKey(Mall, models.CASCADE, related_name="devices", verbose_name=_("mal"))
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind)
    name = models.CharField(_("nama"), max_length=60, help_text=_("Seperti “Papan pintu utara”."))
    zone = models.CharField(
        _("hanya letak"),
        max_length=80,
        blank=True,
        help_text=_("Papan ini hanya menampilkan loket di letak ini. Kosong berarti semua."),
    )
    presence = models.ForeignKey(
        Presence,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hanya instansi"),
    )
    theme = models.CharField(_("tema"), max_length=5, choices=Theme, default=Theme.DARK)
    voice = models.CharField(_("suara"), max_length=8, choices=Voice, default=Voice.CLIPS)
    speaks_english = models.BooleanField(_("putaran kedua dalam bahasa Inggris"), default=False)
    # A printer's kiosk; a kiosk without a printer prints by its browser.
    kiosk = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="printers",
        verbose_name=_("mesin antrean"),
    )
    code_hash = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(_("kode berlaku sampai"), null=True)
    token_hash = models.CharField(max_length=64, blank=True)
    enrolled_at = models.DateTimeField(_("didaftarkan"), null=True)
    revoked_at = models.DateTimeField(_("dicabut"), null=True)
    seen_at = models.DateTimeField(_("terakhir terlihat"), null=True)
    seen_version = models.BigIntegerField(_("versi layar yang ditampilkan"), null=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("perangkat")
        verbose_name_plural = _("perangkat")
        ordering: ClassVar = ["mall", "kind", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "name"], name="device_name_once_per_mall"),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="device_token_once"
            ),
            models.UniqueConstraint(
                fields=["code_hash"], condition=~Q(code_hash=""), name="device_code_once"
            ),
            models.CheckConstraint(
                condition=Q(kiosk=None) | Q(kind="printer"), name="only_a_printer_has_a_kiosk"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_use(self) -> bool:
        return bool(self.token_hash) and self.revoked_at is None


class Announcement(models.Model):
    """A sentence of the house to its boards, to everyone who waits, or to both."""

    mall = models.ForeignKey(Mall, models.CASCADE, related_name="+", verbose_name=_("mal"))
    text = models.CharField(_("teks"), max_length=160)
    text_en = models.CharField(_("teks Inggris"), max_length=160, blank=True)
    on_boards = models.BooleanField(_("di papan"), default=True)
    on_phones = models.BooleanField(_("kepada semua yang menunggu"), default=False)
    is_running = models.BooleanField(_("teks berjalan"), default=False)
    begins_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("sampai"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True)

    class Meta:
        verbose_name = _("pengumuman")
        verbose_name_plural = _("pengumuman")
        ordering: ClassVar = ["-begins_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(begins_at__lt=F("ends_at")), name="announcement_in_order"
            ),
            models.CheckConstraint(
                condition=Q(on_boards=True) | Q(on_phones=True), name="announcement_has_readers"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["mall", "ends_at"], name="announcement_of_mall")]

    def __str__(self) -> str:
        return self.text

    @property
    def said(self) -> str:
        """The text in the reader's language, Indonesian where there is no English one."""
        return (self.text_en if get_language() == "en" else "") or self.text


class Closure(models.Model):
    """A counter that closes for a while: asked for by its officer, decided by a supervisor."""

    class State(models.IntegerChoices):
        REQUESTED = 1, _("Diajukan")
        APPROVED = 2, _("Disetujui")
        REFUSED = 3, _("Ditolak")
        ENDED = 4, _("Berakhir")

    class Reason(models.IntegerChoices):
        NO_OFFICER = 1, _("Petugas berhalangan")
        TROUBLE = 2, _("Gangguan alat atau jaringan")
        MEETING = 3, _("Rapat atau tugas luar")
        PRAYER = 4, _("Ibadah")
        NOBODY_WAITS = 5, _("Tidak ada antrean")
        EMERGENCY = 6, _("Keadaan darurat")

    counter = models.ForeignKey(
        Counter, models.CASCADE, related_name="closures", verbose_name=_("loket")
    )
    reason = models.PositiveSmallIntegerField(_("alasan"), choices=Reason)
    state = models.PositiveSmallIntegerField(_("keadaan"), choices=State, default=State.REQUESTED)
    # The counter opens again by itself at this moment; nobody has to remember it.
    until = models.DateTimeField(_("dibuka kembali"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("diajukan oleh")
    )
    requested_at = models.DateTimeField(_("diajukan"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("diputuskan oleh"),
    )
    decided_at = models.DateTimeField(_("diputuskan"), null=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True)

    class Meta:
        verbose_name = _("penutupan loket")
        verbose_name_plural = _("penutupan loket")
        ordering: ClassVar = ["-requested_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["counter"],
                condition=Q(state__in=[1, 2]),
                name="one_open_closure_per_counter",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[1, 4])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="closure_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter} {self.get_state_display()}"

    def is_closed(self, now: datetime) -> bool:
        return self.state == self.State.APPROVED and now < self.until


class Alarm(models.Model):
    """An emergency call from a counter to whoever supervises the hall."""

    counter = models.ForeignKey(
        Counter, models.CASCADE, related_name="alarms", verbose_name=_("loket")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("petugas")
    )
    at = models.DateTimeField(_("waktu"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("ditanggapi oleh"),
    )
    answered_at = models.DateTimeField(_("ditanggapi"), null=True)

    class Meta:
        verbose_name = _("panggilan darurat")
        verbose_name_plural = _("panggilan darurat")
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["counter"],
                condition=Q(answered_at__isnull=True),
                name="one_open_alarm_per_counter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter} {self.pk}"


class Recording(models.Model):
    """A clip a mall recorded itself; it is played in place of the one that is shipped."""

    mall = models.ForeignKey(Mall, models.CASCADE, related_name="+", verbose_name=_("mal"))
    clip = models.CharField(_("bagian"), max_length=40)
    # A second or two of speech each: small enough to live beside the row and its backups.
    audio = models.BinaryField(_("suara"))
    kind = models.CharField(max_length=20)
    uploaded_at = models.DateTimeField(_("diunggah"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh")
    )

    class Meta:
        verbose_name = _("rekaman suara")
        verbose_name_plural = _("rekaman suara")
        ordering: ClassVar = ["mall", "clip"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mall", "clip"], name="recording_once_per_clip")
        ]

    def __str__(self) -> str:
        return self.clip
