"""Arranging a channel: sealed, recorded, tried out, and left alone while it is down."""

from decimal import Decimal

import pytest

from core.throttle import TooMany
from hall.models import HallEvent
from notifications import providers
from notifications.channels import Outcome
from notifications.models import Provider
from notifications.states import Channel
from tests.hall.conftest import assert_sound
from tests.recipes import at, later, make_hall

pytestmark = pytest.mark.django_db
TEXT, EMAIL, WHATSAPP = Channel.TEXT, Channel.EMAIL, Channel.WHATSAPP


def fresh(provider):
    return Provider.objects.get(pk=provider.pk)


def test_a_channel_is_used_once_it_is_on(arrange, hall):
    off = arrange(TEXT, is_on=False)
    assert (providers.of(hall.mall.pk, TEXT), providers.on(hall.mall.pk)) == (None, set())

    on = arrange(TEXT, price=Decimal("350.50"))

    assert on == off == providers.of(hall.mall.pk, TEXT)
    assert (providers.on(hall.mall.pk), fresh(on).price) == ({TEXT}, Decimal("350.50"))
    assert providers.on(make_hall(slug="mpp-lain").mall.pk) == set()


def test_credentials_are_sealed_and_stand_in_no_record(arrange, admin):
    provider = arrange(TEXT)

    row, event = Provider.objects.values().get(), HallEvent.objects.latest("pk")
    assert "kunci-sms" not in str(row)
    assert providers.secrets_of(provider)["token"] == "kunci-sms"
    assert (event.act, event.subject_id, event.by) == ("provider.saved", provider.pk, admin)
    assert event.detail == "SMS atau gerbang pesan: dipakai"
    assert_sound()


def test_an_empty_secret_keeps_the_one_there_is(arrange):
    arrange(TEXT)

    provider = arrange(TEXT, secrets={"token": "", "signing_key": "baru", "other": "x"})

    assert providers.secrets_of(provider) == {"token": "kunci-sms", "signing_key": "baru"}


def test_what_no_field_asks_for_is_not_kept(arrange):
    provider = arrange(TEXT, token="kunci-sms", is_admin=True)

    assert {"token", "is_admin"} & set(fresh(provider).settings) == set()


def test_what_makes_no_sense_is_not_used(arrange):
    with pytest.raises(providers.Incomplete) as found:
        arrange(TEXT, url="http://10.0.0.1/", secrets={})

    assert set(found.value.complaints) == {"url", "token"}
    assert not Provider.objects.exists()
    assert not HallEvent.objects.filter(act="provider.saved").exists()
    assert arrange(TEXT, url="", secrets={}, is_on=False).settings["url"] == ""


@pytest.mark.parametrize(
    ("channel", "to"), [(TEXT, "+6281234567890"), (WHATSAPP, "+6281234567890"), (EMAIL, "a@b.id")]
)
def test_a_test_sends_one_message_that_says_what_it_is(arrange, admin, web, channel, to, request):
    provider = arrange(channel, is_on=False)

    answer = providers.test(provider, to=to, by=admin, now=at(9))

    assert answer.outcome == Outcome.ACCEPTED
    letters = request.getfixturevalue("post_office").letters if channel == EMAIL else []
    assert len(web.seen) + len(letters) == 1
    if channel == TEXT:
        assert "pesan uji" in web.seen[0].form["message"]
    if channel == WHATSAPP:
        template = web.seen[0].json["template"]
        assert (template["name"], template["language"]) == ("hello_world", {"code": "en_US"})
    kept = fresh(provider)
    assert (kept.tested_at, kept.test_answer) == (at(9), answer.text)
    assert HallEvent.objects.latest("pk").act == "provider.tested"
    assert_sound()


def test_what_a_test_was_answered_is_kept(arrange, admin, web):
    provider = arrange(TEXT)
    web.way = "error"

    providers.test(provider, to="+6281234567890", by=admin, now=at(9))

    assert fresh(provider).test_answer == "Gerbang menolak: insufficient quota"


def test_tests_are_not_a_way_to_send(arrange, admin, web):
    provider = arrange(TEXT)
    for _each in range(providers.TESTS):
        providers.test(provider, to="+6281234567890", by=admin, now=at(9))

    with pytest.raises(TooMany):
        providers.test(provider, to="+6281234567890", by=admin, now=at(9, 9))
    assert len(web.seen) == providers.TESTS
    providers.test(provider, to="+6281234567890", by=admin, now=at(9, 10))


def test_after_five_failures_in_a_row_it_is_left_alone_for_a_moment(arrange):
    provider = arrange(TEXT)
    for _each in range(4):
        providers.failed(provider, now=at(9))
    assert (fresh(provider).failures, fresh(provider).paused_until) == (4, None)

    providers.failed(provider, now=at(9))

    assert fresh(provider).paused_until == later(at(9), seconds=8)


def test_who_fails_again_is_left_alone_again(arrange):
    provider = arrange(TEXT)
    for _each in range(5):
        providers.failed(provider, now=at(9))

    providers.failed(provider, now=at(9, 1))

    assert fresh(provider).paused_until == later(at(9, 1), seconds=8)


def test_one_answer_ends_the_row(arrange):
    provider = arrange(TEXT)
    for _each in range(5):
        providers.failed(provider, now=at(9))

    providers.worked(provider)
    providers.failed(provider, now=at(9, 1))

    assert (fresh(provider).failures, fresh(provider).paused_until) == (1, None)


def test_other_settings_deserve_another_chance(arrange):
    provider = arrange(TEXT)
    for _each in range(5):
        providers.failed(provider, now=at(9))

    arrange(TEXT)

    assert (fresh(provider).failures, fresh(provider).paused_until) == (0, None)


def test_a_provider_that_works_costs_no_write(arrange, django_assert_num_queries):
    provider = arrange(TEXT)

    with django_assert_num_queries(1):
        providers.worked(provider)
    assert fresh(provider) == provider
