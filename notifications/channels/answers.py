"""What came of a try, in words that hold no personal data and no credentials."""

import re

from django.utils.translation import gettext as _

from notifications.channels import Answer, Outcome

LONGEST = 200  # letters of an answer that are kept
BUSY = {429}
NO_ACCESS = {401, 403}
# Providers like to repeat what they were sent: numbers, codes, addresses, private links.
PRIVATE = re.compile(r"https?://\S+|\S+@\S+|\+?\d(?:[\s.\-]?\d){4,}")
HIDDEN = "…"


def accepted(reference: object = "") -> Answer:
    return Answer(Outcome.ACCEPTED, _("Diterima penyedia."), line_of(reference))


def failed(text: str, *, is_down: bool = False, is_unsure: bool = False) -> Answer:
    """Worth another try; `is_down` when it would go wrong with every message."""
    return Answer(Outcome.FAILED, text[:LONGEST], is_down=is_down, is_unsure=is_unsure)


def refused(text: str) -> Answer:
    """No other try would end otherwise."""
    return Answer(Outcome.REFUSED, text[:LONGEST])


def by_status(status: int, said: str = "", *, is_key_ours: bool = False) -> Answer | None:
    """What a status of HTTP means; None when the provider took the request.

    Where the key is the mall's own, a key that is refused says nothing about the message.
    """
    if 200 <= status < 300:
        return None
    text = f"{_('Penyedia menjawab %s.') % status} {said}".strip()
    if is_key_ours and status in NO_ACCESS:
        return failed(f"{_('Kunci atau token ditolak penyedia.')} {text}", is_down=True)
    is_theirs = status in BUSY or status >= 500
    return failed(text, is_down=True) if is_theirs else refused(text)


def quoted(said: object, *hidden: str) -> str:
    """The words of a provider, without what is nobody else's business."""
    text = line_of(said)
    for secret in hidden:
        if secret:
            text = text.replace(secret, HIDDEN)
    return PRIVATE.sub(HIDDEN, text)


def line_of(said: object) -> str:
    """One short line that any database takes."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(said))
    return " ".join(text.split())[:LONGEST]
