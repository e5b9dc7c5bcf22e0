"""Whom to call at each agency of a mall."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from agencies.models import ContactPerson
from core import clock
from hall.forms import typed
from onboarding.staff import access, contact_people
from onboarding.staff.access import Realm
from onboarding.staff.forms import ContactForm
from onboarding.staff.views.people import read_or_send, realm_of, show


@require_safe
@never_cache
def listed(request: UserRequest, slug: str) -> HttpResponse:
    realm = realm_of(request, slug)
    people = Prefetch("contacts", ContactPerson.objects.order_by("name", "pk"))
    presences = realm.presences().prefetch_related(people)
    return show(request, realm, "onboarding/contact_people.html", {"presences": presences})


@read_or_send
@never_cache
def add(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    realm = realm_of(request, slug)
    return _edit(request, realm, ContactPerson(presence=access.presence_in(realm, pk)))


@read_or_send
@never_cache
def edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    realm = realm_of(request, slug)
    return _edit(request, realm, access.contact_in(realm, pk))


@read_or_send
@never_cache
def remove(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    realm = realm_of(request, slug)
    found = access.contact_in(realm, pk)
    if request.method != "POST":
        return show(request, realm, "onboarding/contact_person_remove.html", {"contact": found})
    contact_people.remove(found, by=request.user, now=clock.now())
    messages.success(request, _("%(name)s dihapus dari penghubung.") % {"name": found.name})
    return redirect("contact_people", slug)


def _edit(request: UserRequest, realm: Realm, contact: ContactPerson) -> HttpResponse:
    form = ContactForm(typed(request), instance=contact)
    if form.is_valid():
        contact_people.save(form.instance, by=request.user, now=clock.now())
        messages.success(request, _("Penghubung tersimpan."))
        return redirect("contact_people", contact.presence.mall.slug)
    context = {"form": form, "contact": contact}
    status = 422 if form.is_bound else 200
    return show(request, realm, "onboarding/contact_person.html", context, status)
