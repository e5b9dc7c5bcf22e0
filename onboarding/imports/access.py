"""The gate to a sheet that somebody tried out: their own, at a mall they set up."""

from django.http import Http404

from accounts.models import User
from agencies.models import Mall
from onboarding.imports import KINDS
from onboarding.imports.plan import Kind
from onboarding.models import Trial


def kind_called(slug: str) -> Kind:
    """One of the kinds of sheets."""
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def trial_of(user: User, mall: Mall, kind: str, pk: int) -> Trial:
    """A sheet that this person tried out at a mall that passed its own gate."""
    own = Trial.objects.select_related("mall__region").filter(mall=mall, by=user, kind=kind)
    found = own.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
