"""The step between a form and its reservation: a code by phone, where the mall wants one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict

from agencies.models import Mall
from appointments import proving
from appointments.forms import CodeForm
from appointments.people import Person
from core import errors, identity, throttle
from core.errors import Refused, tried
from notifications import codes

# Said beside the field of the code.
AGAIN = (codes.CodeWrong, codes.CodeTooSoon, throttle.TooMany, codes.CodesPaused)


@dataclass(frozen=True)
class Asked:
    """That a code is wanted: where it goes, and what is wrong with the one that was typed."""

    form: CodeForm
    phone: str  # masked
    is_sent: bool  # there, and not over yet
    refusal: Refused | None

    @property
    def status(self) -> int:
        return self.refusal.status if self.refusal else 200


def asked(
    purpose: str, mall: Mall, person: Person, sent: QueryDict, *, now: datetime
) -> Asked | None:
    """Send a code or take the one that came back; None when nothing more is wanted."""
    if not proving.is_needed(purpose, mall.pk, person, now=now):
        return None
    form = CodeForm(sent)
    typed, again = form.given
    done = tried(lambda: proving.take(purpose, mall, person, typed, again=again, now=now), *AGAIN)
    if done is True:
        return None
    refusal = done if isinstance(done, Refused) else None
    if isinstance(refusal, codes.CodeWrong):
        form.add_error("code", str(refusal))
    is_sent = codes.is_valid(purpose, person.phone, now=now)
    return Asked(form, identity.masked(person.phone), is_sent, refusal)


def parted(said: Refused | Asked | None) -> dict[str, Any]:
    """What a page says above its form: a refusal, or that a code is wanted."""
    is_asked = isinstance(said, Asked)
    return {"asked": said if is_asked else None, "refusal": None if is_asked else said}


def marked(page: HttpResponse, said: Refused | Asked | None) -> HttpResponse:
    """The page as machines read it: why it says no, where it does."""
    refusal = said.refusal if isinstance(said, Asked) else said
    return errors.marked(page, refusal) if refusal else page
