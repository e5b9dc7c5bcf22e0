"""The console of an officer: what it shows, and what each of its buttons does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import UserRequest
from agencies.models import Counter
from core import clock, formats, live
from hall import access as hall_access
from hall import alarms
from hall.models import Closure
from queueing import access, closing, consoles, desks, notes, tickets
from queueing.states import Reason


@dataclass(frozen=True)
class Press:
    """Somebody pressed a button at a counter, and what its form says."""

    counter: Counter
    by: User
    now: datetime
    form: QueryDict

    @property
    def key(self) -> UUID:
        return access.key_of(self.form.get("key", ""))

    @property
    def ticket(self) -> int:
        return access.ticket_at(self.counter, self.number("ticket"), now=self.now).pk

    def number(self, name: str) -> int:
        """A whole number of the form; 0, which nothing has, for anything else."""
        value = self.form.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0

    def text(self, name: str) -> str:
        return self.form.get(name, "")


def _call(press: Press, finishing: int | None = None) -> str:
    called = tickets.call_next(
        press.counter, by=press.by, now=press.now, key=press.key, finishing=finishing
    )
    return "" if called else _("Tidak ada yang menunggu.")


def _pick(press: Press) -> None:
    wanted = press.number("reason")
    reason = Reason(wanted) if wanted in Reason.values else None
    _move(press, tickets.call_out_of_order, reason=reason)


def _transfer(press: Press) -> None:
    _move(press, notes.transfer, text=press.text("text"), service_id=press.number("service"))


def _note(press: Press) -> None:
    _move(press, notes.add, text=press.text("text"))


def _papers(press: Press) -> None:
    """The list of what to bring has two kinds of buttons: this is missing, no it is not."""
    ticket, missing, here = press.ticket, press.text("missing"), press.text("here")
    if missing:
        notes.mark_missing(ticket, missing, counter=press.counter, by=press.by, now=press.now)
    else:
        notes.unmark_missing(ticket, here, counter=press.counter, by=press.by)


def _close(press: Press) -> None:
    wanted = press.number("reason")
    reason = Closure.Reason(wanted) if wanted in Closure.Reason.values else None
    until = press.text("until")
    closing.close(press.counter, reason=reason, until=until, by=press.by, now=press.now)


def _open_again(press: Press) -> None:
    closure = hall_access.closure_in([press.counter.pk], press.number("closure"))
    closing.end(closure, by=press.by, now=press.now)


def _return(press: Press) -> None:
    tickets.return_to_line(press.ticket, now=press.now, key=press.key, by=press.by)


def _open(press: Press, *, take_over: bool = False) -> None:
    desks.open_(press.counter, by=press.by, now=press.now, take_over=take_over)


def _break(press: Press, *, on_break: bool) -> None:
    desks.set_break(press.counter, by=press.by, on_break=on_break, now=press.now)


def _move(press: Press, move: Callable[..., int], **extra: object) -> None:
    move(press.ticket, counter=press.counter, by=press.by, now=press.now, key=press.key, **extra)


# Each button of the console by the last part of its address; what comes back is said on screen.
Act: TypeAlias = Callable[[Press], str | None]
ACTS: dict[str, Act] = {
    "mulai": _open,
    "ambil-alih": lambda press: _open(press, take_over=True),
    "istirahat": lambda press: _break(press, on_break=True),
    "lanjut": lambda press: _break(press, on_break=False),
    "pulang": lambda press: desks.leave(press.counter, by=press.by, now=press.now),
    "panggil": _call,
    "selesai-panggil": lambda press: _call(press, finishing=press.ticket),
    "pilih": _pick,
    "layani": lambda press: _move(press, tickets.serve),
    "ulang": lambda press: _move(press, tickets.recall),
    "ulang-pelan": lambda press: _move(press, tickets.recall, slow=True),
    "lewati": lambda press: _move(press, tickets.skip),
    "tunda": lambda press: _move(press, tickets.hold),
    "teruskan": lambda press: _move(press, tickets.resume),
    "selesai": lambda press: _move(press, tickets.finish),
    "alihkan": _transfer,
    "batalkan": lambda press: _move(press, tickets.undo),
    "kembalikan": _return,
    "catat": _note,
    "berkas": _papers,
    "tutup": _close,
    "buka": _open_again,
    "darurat": lambda press: alarms.raise_(press.counter, by=press.by, now=press.now),
}


@require_GET
@never_cache
def desk(request: UserRequest, pk: int) -> HttpResponse:
    now = clock.now()
    counter = access.counter_for(request.user, pk, now=now)
    if not request.headers.get("HX-Request"):
        return render(request, "queueing/desk.html", _context(request, counter, now))
    if request.GET.get("seen") == consoles.stamp(counter, now=now):
        return HttpResponse(status=204)
    return render(request, "queueing/_desk.html", _context(request, counter, now))


@require_POST
@never_cache
def act(request: UserRequest, pk: int, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    now = clock.now()
    counter = access.counter_for(request.user, pk, now=now)
    said = ACTS[act](Press(counter, request.user, now, request.POST))
    if said:
        messages.info(request, said)
    if not request.headers.get("HX-Request"):
        return redirect("desk", pk)
    context = _context(request, counter, now)
    return render(request, "queueing/_desk.html", {**context, "acted": True})


def _context(request: UserRequest, counter: Counter, now: datetime) -> dict[str, object]:
    console = consoles.console(counter, reader=request.user, now=now)
    return {
        "mall": counter.mall,
        "zone": counter.mall.zone,
        "zone_name": formats.zone_suffix(now, counter.mall.zone),
        "console": console,
        "is_mine": console.is_mine,
        "live_url": live.url_for(counter.mall_id),
        "reasons": Reason.choices,
        "closing_reasons": Closure.Reason.choices,
        # Called anew by each form of the template: no two forms share a key.
        "new_key": uuid4,
    }
