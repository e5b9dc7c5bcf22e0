"""How a mall says things, and how the nation does: every kind of message, in two languages."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from agencies.models import Mall
from core import clock
from hall.forms import typed
from notifications import access, phrasing, trial
from notifications.catalogue import KINDS
from notifications.staff_forms import WordsForm
from notifications.states import Channel
from notifications.views.log import read_or_send
from notifications.views.outcomes import tell

TRY = "uji-"  # before the number of the channel


@require_safe
@never_cache
def listed(request: UserRequest, slug: str = "") -> HttpResponse:
    mall = _place(request, slug)
    context = {"mall": mall, "groups": phrasing.entries(mall), "languages": access.LANGUAGES}
    return render(request, "notifications/wordings.html", context)


@read_or_send
@never_cache
def wording(request: UserRequest, kind: str, language: str, slug: str = "") -> HttpResponse:
    mall = _place(request, slug)
    access.refuse_unknown_wording(kind, language)
    do = request.POST.get("do", "")
    if do == "bawaan":
        return _reset(request, kind, language, mall)
    now = phrasing.current(kind, language, mall)
    known = {"subject": now.subject, "body": now.body, "template": now.template_name}
    form = WordsForm(typed(request), kind=kind, language=language, initial=known)
    if form.is_valid() and do == "simpan":
        return _save(request, form, language, mall)
    if form.is_valid() and do.startswith(TRY) and mall is not None:
        return _try(request, form, language, mall)
    return _page(request, form, language, mall)


def _place(request: UserRequest, slug: str) -> Mall | None:
    """The mall whose words they are; without one they are the nation's."""
    on = timezone.localdate(clock.now())
    if slug:
        return access.managed_mall(request.user, slug, on=on)
    access.refuse_local(request.user, on=on)
    return None


def _page(request: UserRequest, form: WordsForm, language: str, mall: Mall | None) -> HttpResponse:
    kind, is_wrong = form.kind, form.is_bound and not form.is_valid()
    words = form.words if form.is_bound and not is_wrong else phrasing.current(kind, language, mall)
    context = {
        "mall": mall,
        "kind": kind,
        "title": KINDS[kind].title,
        "language": language,
        "form": form,
        "own": phrasing.own(kind, language, mall),
        "names": phrasing.names_of(kind, language, mall),
        "previews": [] if is_wrong else phrasing.previews(kind, words, language, mall),
        "words": words,
        "variables": phrasing.variables(words),
        "as_template": phrasing.as_template(words, language),
        "trials": [(f"{TRY}{each}", each.label) for each in trial.ways(kind, mall)] if mall else [],
        "other": next(each for each in access.LANGUAGES if each != language),
    }
    status = 422 if is_wrong else 200
    return render(request, "notifications/wording.html", context, status=status)


def _save(request: UserRequest, form: WordsForm, language: str, mall: Mall | None) -> HttpResponse:
    phrasing.save(form.kind, language, mall, form.words, by=request.user, now=clock.now())
    messages.success(request, _("Kalimat tersimpan dan dipakai mulai pesan berikutnya."))
    return _back(form.kind, language, mall)


def _reset(request: UserRequest, kind: str, language: str, mall: Mall | None) -> HttpResponse:
    phrasing.reset(kind, language, mall, by=request.user, now=clock.now())
    messages.success(request, _("Kalimat bawaan dipakai kembali."))
    return _back(kind, language, mall)


def _try(request: UserRequest, form: WordsForm, language: str, mall: Mall) -> HttpResponse:
    """What was typed goes out once; it is not stored, so the page stays as it is."""
    wanted = request.POST["do"].removeprefix(TRY)
    channel = next((each for each in trial.ways(form.kind, mall) if str(each) == wanted), None)
    tell(
        request,
        trial.send(
            form.kind,
            form.words,
            channel or Channel.INBOX,
            language=language,
            mall=mall,
            by=request.user,
            now=clock.now(),
        ),
    )
    return _page(request, form, language, mall)


def _back(kind: str, language: str, mall: Mall | None) -> HttpResponse:
    if mall is None:
        return redirect("wording_nation", kind, language)
    return redirect("wording", mall.slug, kind, language)
