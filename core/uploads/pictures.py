"""Draws a picture anew: what is left is what one sees, without place, camera, profile or tail."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image

from core.models import Kind
from core.uploads.refusals import Broken, TooManyPixels

PIXELS = 20_000_000
SIDES = (2_400, 1_800, 1_200)  # the long side, in pixels; the next one if the file grows too large
SCANS = 64  # a progressive picture has ten; each more costs a whole decoding
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A broken picture ends in whatever its decoder was doing just then.
FAULTS = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError),
    *(AttributeError, struct.error, zlib.error),
)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def redrawn(content: bytes, kind: Kind) -> Callable[[int], bytes]:
    """Decode a picture; what comes back encodes it with a long side of at most so many pixels.

    Raises Broken or TooManyPixels, the latter before anything is decoded.
    """
    try:
        picture = _decoded(content, kind)
    except BOMBS as bomb:
        raise _too_many_pixels() from bomb
    except FAULTS as fault:
        raise _broken() from fault
    return lambda side: _encoded(picture, kind, side)


def _decoded(content: bytes, kind: Kind) -> Image.Image:
    # No decoder but the one whose magic was found; Pillow knows many more, less well kept.
    with Image.open(BytesIO(content), formats=[kind.name]) as opened:
        if opened.width * opened.height > PIXELS:
            raise _too_many_pixels()
        if content.count(b"\xff\xda") > SCANS:
            raise _broken()
        turn = TURNS.get(opened.getexif().get(ORIENTATION, 1))
        picture = _plain(opened, kind)
    # Comments and profiles hang on a picture and would be written again.
    picture.info = {}
    return picture if turn is None else picture.transpose(turn)


def _plain(picture: Image.Image, kind: Kind) -> Image.Image:
    if picture.mode.startswith("I"):
        # Of sixteen bits the upper eight; a conversion would cut off all that is brighter.
        picture = picture.point(lambda value: value / 256).convert("L")
    if kind is Kind.PNG and picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture.convert("L" if picture.mode in {"1", "L"} else "RGB")


def _encoded(picture: Image.Image, kind: Kind, side: int) -> bytes:
    picture.thumbnail((side, side))
    written = BytesIO()
    picture.save(written, kind.name, **({"quality": 85} if kind is Kind.JPEG else {}))
    return written.getvalue()


def _broken() -> Broken:
    return Broken(
        _("Gambar itu rusak dan tidak dapat dibaca. Foto atau simpan ulang, lalu kirim lagi.")
    )


def _too_many_pixels() -> TooManyPixels:
    return TooManyPixels(
        _("Gambar terlalu besar: paling banyak 20 megapiksel. Perkecil gambarnya, lalu kirim lagi.")
    )
