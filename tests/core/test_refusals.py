"""The page of a rule that said no, and the ways out of it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.models import User
from core.errors import Refused
from core.middleware import answer


@pytest.mark.parametrize(("user", "is_shown"), [(User(pk=1), True), (AnonymousUser(), False)])
def test_who_is_signed_in_also_finds_the_way_to_their_work(rf, user, is_shown):
    request = rf.post("/petugas/")
    request.user = user

    page = answer(request, Refused("Belum bisa."))

    said = page.content.decode().partition('role="alert"')[2].partition("</main>")[0]
    assert (page.status_code, 'href="/"' in said) == (409, True)
    assert (f'href="{reverse("staff")}"' in said) is is_shown
