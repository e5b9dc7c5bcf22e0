import pytest
from django.conf import settings

from tests.recipes import make_hall

pytestmark = pytest.mark.django_db


def test_an_english_browser_gets_indonesian(client):
    answer = client.get("/", headers={"Accept-Language": "en-GB"})

    assert answer["Content-Language"] == "id"


def test_somebody_who_chose_english_gets_english(client):
    make_hall()
    client.post("/bahasa/", {"language": "en", "next": "/"})

    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert client.get("/")["Content-Language"] == "en"


def test_an_unknown_language_is_indonesian(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"

    assert client.get("/")["Content-Language"] == "id"
