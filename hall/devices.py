"""Kiosks, boards and printers: enrolled with a one-time code, known by a token they alone hold.

No other module writes a device, but the admin's form for its name and settings.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from agencies.models import Mall
from core import throttle
from core.memo import briefly
from hall import record
from hall.models import Device
from hall.refusals import CodeUnknown, NameTaken

CODE_LIVES = timedelta(minutes=15)
SILENT_AFTER = timedelta(seconds=45)  # three heartbeats missed: silent well within a minute
HEARTBEAT = 15  # seconds between two heartbeats of a device
ALPHABET = "ABCDEFGHJKLNPRTUVXYZ2346789"  # nothing that is misread from a slip of paper
CODE_LENGTH = 8  # 27^8, 280 thousand million, for a quarter of an hour
WRONG_CODES = 10  # a minute from one address
# What the mall decides; the rest of a row is only between the device and this module.
SETTINGS = ["name", "zone", "presence", "theme", "voice", "speaks_english", "kiosk"]


class Standing(TextChoices):
    """How a device stands at a moment, as those who look after it see it."""

    NEW = "new", gettext_lazy("Belum didaftarkan")
    INVITED = "invited", gettext_lazy("Kode menunggu diketik")
    IN_USE = "in_use", gettext_lazy("Tersambung")
    SILENT = "silent", gettext_lazy("Tidak ada kabar")
    REVOKED = "revoked", gettext_lazy("Dicabut")


def save(device: Device, *, by: User, now: datetime) -> None:
    """Keep a new device, or the name and settings of a known one. Raises NameTaken."""
    act = "device.settings" if device.pk else "device.added"
    try:
        with transaction.atomic():
            device.save(update_fields=SETTINGS if device.pk else None)
            record.write(act, device.pk, mall_id=device.mall_id, by=by, now=now)
    except IntegrityError as error:
        raise NameTaken(_("Nama itu sudah dipakai perangkat lain di mal ini.")) from error


def new_code(device: Device, *, by: User, now: datetime) -> str:
    """A code for enrolling this device once; the token it had until now is no longer valid.

    Only the code's hash is stored, so this is the one moment at which it can be read.
    """
    code = "".join(secrets.choice(ALPHABET) for _each in range(CODE_LENGTH))
    with transaction.atomic():
        Device.objects.filter(pk=device.pk).update(
            code_hash=_hash(code), code_until=now + CODE_LIVES, token_hash="", revoked_at=None
        )
        record.write("device.code", device.pk, mall_id=device.mall_id, by=by, now=now)
    return code


def enrol(code: str, *, now: datetime) -> tuple[Device, str]:
    """Trade a code for the device and its token; the code is used up. Raises CodeUnknown."""
    wanted = _hash(clean_code(code))
    with transaction.atomic():
        # Numbers that point to a device are given out meanwhile: its key does not change.
        rows = Device.objects.select_for_update(of=("self",), no_key=True)
        waiting = rows.select_related("mall__region")
        device = waiting.filter(code_hash=wanted, code_until__gt=now).first()
        if device is None:
            raise CodeUnknown(
                _("Kode itu tidak dikenal atau sudah lewat 15 menit. Minta kode baru kepada admin.")
            )
        token = secrets.token_urlsafe(32)
        device.code_hash, device.token_hash = "", _hash(token)
        device.enrolled_at = device.seen_at = now
        device.save(update_fields=["code_hash", "token_hash", "enrolled_at", "seen_at"])
        record.write("device.enrolled", device.pk, mall_id=device.mall_id, by=None, now=now)
    return device, token


def enrol_from(address: str, code: str, *, now: datetime) -> tuple[Device, str]:
    """As enrol, for somebody at that address. Raises TooMany after too many wrong codes."""
    throttle.check("code", address, most=WRONG_CODES)
    try:
        return enrol(code, now=now)
    except CodeUnknown:
        throttle.count("code", address)
        raise


def revoke(device: Device, *, by: User, now: datetime) -> None:
    """Take a device's token away: from its next request on it is a stranger."""
    with transaction.atomic():
        Device.objects.filter(pk=device.pk).update(token_hash="", code_hash="", revoked_at=now)
        record.write("device.revoked", device.pk, mall_id=device.mall_id, by=by, now=now)


def beat(device: Device, *, version: int | None, now: datetime) -> None:
    """The device is alive and shows this version."""
    Device.objects.filter(pk=device.pk, revoked_at=None).update(seen_at=now, seen_version=version)


def known_by(token: str) -> Device | None:
    """The device that holds this token, if it still may."""
    if not token or len(token) > 64:
        return None
    held = Device.objects.in_use().filter(token_hash=_hash(token))
    return held.select_related("mall__region", "presence").first()


def is_silent(device: Device, *, now: datetime) -> bool:
    """Whether a device in use has not been heard for too long."""
    return device.is_in_use and (device.seen_at is None or now - device.seen_at > SILENT_AFTER)


def standing(device: Device, *, now: datetime) -> Standing:
    """Whether a device is in use, silent, invited, taken away, or none of it yet."""
    if device.is_in_use:
        return Standing.SILENT if is_silent(device, now=now) else Standing.IN_USE
    if device.code_hash and device.code_until is not None and device.code_until > now:
        return Standing.INVITED
    return Standing.REVOKED if device.revoked_at else Standing.NEW


@briefly(5)
def has_kiosks(mall_id: int) -> bool:
    """Whether the mall has ever enrolled a kiosk: from then on only those give out numbers.

    One that was revoked counts too: a stolen kiosk must not open the mall to every screen.
    """
    kiosks = Device.objects.filter(mall=mall_id, kind=Device.Kind.KIOSK)
    return kiosks.filter(enrolled_at__isnull=False).exists()


def may_give_numbers(device: Device | None, mall: Mall) -> bool:
    """Whether this screen may give out numbers: any in a mall that has enrolled no kiosk."""
    if device is not None and device.kind == Device.Kind.KIOSK and device.mall_id == mall.pk:
        return True
    return not has_kiosks(mall.pk)


def clean_code(code: str) -> str:
    """A code as it was meant, however it was typed."""
    return "".join(letter for letter in code.upper() if letter in ALPHABET)


def _hash(secret: str) -> str:
    # Random and long: nothing to guess, so no salt and no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()
