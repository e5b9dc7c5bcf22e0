"""Whatever those who pass the gates send about the way of a mall: an answer, never a fault."""

from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from core import memo
from onboarding.path.views.readiness import ACTS
from onboarding.states import Stage
from tests.onboarding.path.recipes import mall_at, of_path, somebody, trodden
from tests.test_bad_input import FIELDS, PARTS, QUERIES, TEXTS, faults, send

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
OF_NATION = ("nation_board", "nation_map", "commitment", "inauguration")
OF_MALL = ("readiness", "task_add", "place_add", "coach_notes")


@pytest.fixture
def places():
    mall = mall_at(Stage.SOFT_LAUNCH)
    trodden(mall)
    values = of_path()
    places = [reverse(name) for name in OF_NATION]
    places += [reverse(name, args=[mall.slug]) for name in OF_MALL]
    places += [reverse("task", args=[mall.slug, values["task"]])]
    places += [reverse("milestone", args=[mall.slug, name]) for name in ACTS]
    return places + [
        reverse("coach_note_act", args=[mall.slug, values["note"], name])
        for name in ("jawab", "tanya", "lain")
    ]


@pytest.fixture
def client():
    client = Client(raise_request_exception=False)
    client.force_login(somebody(Role.OPERATOR))
    memo.clear_all()
    return client


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_in_any_field(client, places, text):
    form = "&".join(f"{name}={_encoded(TEXTS[text])}" for name in FIELDS)

    assert not faults(((place,), send(client, "POST", place, form.encode())) for place in places)


def test_any_query(client, places):
    assert not faults(
        ((row, place), client.get(f"{place}?{query}"))
        for row, query in QUERIES.items()
        for place in places
    )


def test_a_form_in_parts_that_has_nothing_of_ours(client, places):
    body = b'--x\r\nContent-Disposition: form-data; name="document"; filename="a"\r\n\r\na\r\n--x--\r\n'

    assert not faults(
        ((place,), send(client, "POST", place, body, **{"Content-Type": PARTS})) for place in places
    )


def _encoded(text):
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))
