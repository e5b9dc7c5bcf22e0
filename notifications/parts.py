"""How many SMS a text is paid for as; pure.

One SMS holds 160 signs of the GSM alphabet, or 70 of any other; a longer text is cut into parts
that each give away seven or three of them. Source: 3GPP TS 23.038 and 23.040.
"""

from dataclasses import dataclass

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
DOUBLE = frozenset("\f^{}\\[~]|€")  # in the alphabet, behind an escape: two signs each
ONE_GSM, EACH_GSM = 160, 153
ONE_WIDE, EACH_WIDE = 70, 67

# Signs of good typesetting that would double or triple the price of a whole text.
PLAIN = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "…": "...",
        "•": "*",
        "\u00a0": " ",
    }
)


def plain(text: str) -> str:
    """The same text in signs that an SMS carries cheaply; letters are left as they are."""
    return text.translate(PLAIN)


@dataclass(frozen=True)
class Parts:
    """A text as SMS: how many, how long in signs, and which of them make it dear."""

    count: int
    signs: int
    each: int  # signs that fit into one part
    wide: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        return not self.wide


def of(text: str) -> Parts:
    """Count a text. A sign outside the GSM alphabet makes the whole of it wide."""
    wide = tuple(dict.fromkeys(sign for sign in text if sign not in GSM and sign not in DOUBLE))
    if wide:
        # As UTF-16 counts: an emoji is two, and no part ends in the middle of one.
        sizes = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
        one, each = ONE_WIDE, EACH_WIDE
    else:
        sizes = [2 if sign in DOUBLE else 1 for sign in text]
        one, each = ONE_GSM, EACH_GSM
    signs = sum(sizes)
    if signs <= one:
        return Parts(1, signs, one, wide)
    return Parts(_cut(sizes, each), signs, each, wide)


def _cut(sizes: list[int], each: int) -> int:
    count, filled = 1, 0
    for size in sizes:
        if filled + size > each:
            count, filled = count + 1, 0
        filled += size
    return count
