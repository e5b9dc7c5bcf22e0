"""What every paper looks like: fonts, colours, sizes, and text made safe to set."""

import unicodedata
from pathlib import Path
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph
from reportlab.platypus.paraparser import ParaFrag

FONTS: Final = Path(__file__).parents[1] / "data" / "fonts"
REGULAR: Final = "Inter-Regular"  # digits of one width, so that amounts stand in columns
STRONG: Final = "Inter-SemiBold"
DISPLAY: Final = "InterDisplay-Bold"  # titles only

# The values of static/css/tokens.css, which a PDF cannot read.
BRAND: Final = HexColor("#0b5160")
MOTIF: Final = HexColor("#b3d0d6")
TEXT: Final = HexColor("#1f1f1f")
TEXT_2: Final = HexColor("#525252")
STROKE: Final = HexColor("#e5e5e5")
INK: Final = HexColor("#000000")

# An A4 sheet: the same margins and sizes as the printed pages of the portal.
MARGIN: Final = 20 * mm
MARGIN_TOP: Final = 16 * mm
MARGIN_BOTTOM: Final = 14 * mm

LINE_ENDS: Final = frozenset("\n\u2028\u2029")
# Somebody pasted a poem where a sentence belongs; laying out so many lines takes minutes.
LINES_KEPT: Final = 60
# Controls, lone surrogates, and marks that turn the direction of what follows.
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})

FACES: Final = {name: TTFont(name, FONTS / f"{name}.ttf") for name in (REGULAR, STRONG, DISPLAY)}
for _face in FACES.values():
    pdfmetrics.registerFont(_face)
# Cut alike, all three have the same signs.
SHAPES: Final = frozenset(FACES[REGULAR].face.charToGlyph)
MISSING: Final = "\u25a1"


def style(size: float, leading: float, *, font: str = REGULAR, **more: Any) -> ParagraphStyle:
    """A style of paragraphs; never justified, long words broken, no line of it left alone."""
    return ParagraphStyle(
        f"{font} {size:g}",
        fontName=font,
        fontSize=size,
        leading=leading,
        textColor=more.pop("textColor", TEXT),
        allowWidows=0,
        allowOrphans=0,
        **more,
    )


BODY: Final = style(10, 14.5)
STRONG_BODY: Final = style(10, 14.5, font=STRONG)
QUIET: Final = style(10, 14.5, textColor=TEXT_2)
SMALL: Final = style(8.5, 12, textColor=TEXT_2)
SMALL_RIGHT: Final = style(8.5, 12, textColor=TEXT_2, alignment=TA_RIGHT)
CELL: Final = style(9.5, 13)
FIGURE: Final = style(9.5, 13, alignment=TA_RIGHT)
STRONG_CELL: Final = style(9.5, 13, font=STRONG)
STRONG_FIGURE: Final = style(9.5, 13, font=STRONG, alignment=TA_RIGHT)
OVERLINE: Final = style(11.5, 15, font=STRONG, textColor=BRAND)
TITLE: Final = style(20, 24, font=DISPLAY)
HEADING: Final = style(13, 17, font=STRONG, spaceBefore=7 * mm, spaceAfter=2 * mm)
SUBHEADING: Final = style(10, 14.5, font=STRONG, spaceBefore=2 * mm)
ORGANISER: Final = style(13, 17, font=STRONG)


def clean(text: str) -> str:
    """What can be set of a text: composed letters, plain line ends, nothing that is not seen."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
    seen = (sign for sign in composed if sign in LINE_ENDS or _is_seen(sign))
    return "".join("\n" if sign in LINE_ENDS else _shaped(sign) for sign in seen).strip()


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in UNSEEN


def _shaped(sign: str) -> str:
    """The sign, or its plain form where the font lacks it, or a box that says one is missing."""
    if ord(sign) in SHAPES:
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    return plain if all(ord(part) in SHAPES for part in plain) else MISSING


def paragraph(text: str, look: ParagraphStyle = BODY, *, mark: str | None = None) -> Paragraph:
    """A text as it was written, with its line ends; what looks like markup is only text."""
    lines = clean(text).split("\n")
    if len(lines) > LINES_KEPT:
        lines = [" ".join(lines)]
    # Never through the parser of reportlab: it would read markup, and be slow on many "&".
    plain = ParaFrag(
        fontName=look.fontName,
        fontSize=look.fontSize,
        textColor=look.textColor,
        bold=0,
        italic=0,
        rise=0,
        greek=0,
        link=[],
        us_lines=[],
        text=lines[0],
    )
    frags = [plain]
    for line in lines[1:]:
        frags += [plain.clone(text="", lineBreak=True), plain.clone(text=line)]
    return Paragraph("", look, bulletText=mark, frags=frags)
