"""A hall, those who run it, and the other ends of its channels."""

from decimal import Decimal

import pytest

from accounts.roles import Role
from notifications import providers
from notifications.channels import Outgoing, reach
from notifications.states import Channel
from tests.hall.conftest import appoint
from tests.notifications.fakes import Browser, PostOffice, Reporter, Web
from tests.recipes import at, make_hall

GATEWAY = {
    "body": "form",
    "token_header": "Authorization",
    "to_field": "target",
    "text_field": "message",
    "accepted_path": "status",
    "accepted_values": "true",
    "id_path": "id.0",
    "reason_path": "reason",
}
SECRETS = {
    Channel.WHATSAPP: {"token": "kunci-wa", "app_secret": "rahasia", "verify_token": "kata"},
    Channel.TEXT: {"token": "kunci-sms", "signing_key": "rahasia"},
    Channel.EMAIL: {},
}


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def web(settings):
    """WhatsApp, a gateway and a push service, allowed by name."""
    end = Web()
    settings.NOTIFY_PRIVATE_HOSTS = [*settings.NOTIFY_PRIVATE_HOSTS, end.host]
    settings.PUSH_PRIVATE_HOSTS = [end.host]
    settings.VAPID_KEY, settings.VAPID_CONTACT = "kunci untuk uji", "mailto:mpp@uji.example"
    yield end
    end.close()


@pytest.fixture
def post_office(settings):
    end = PostOffice()
    settings.NOTIFY_PRIVATE_HOSTS = [*settings.NOTIFY_PRIVATE_HOSTS, end.host]
    yield end
    end.close()


@pytest.fixture
def hurried(monkeypatch):
    """Ten seconds are long in a test."""
    monkeypatch.setattr(reach, "WITHIN", 0.4)


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def arrange(hall, admin, web, request):
    """Arrange a channel of the hall with its fake end."""

    def settings_of(channel):
        if channel == Channel.WHATSAPP:
            return {"base": web.url, "phone_number_id": "1234567890"}
        if channel == Channel.TEXT:
            return {**GATEWAY, "url": f"{web.url}/kirim"}
        office = request.getfixturevalue("post_office")
        where = {"host": "127.0.0.1", "port": office.port, "security": "none"}
        return {"from_address": "mpp@uji.example", **where}

    def make(channel, *, mall=None, is_on=True, price=Decimal(0), secrets=None, **settings):
        return providers.save(
            mall or hall.mall,
            channel,
            is_on=is_on,
            price=price,
            settings={**settings_of(channel), **settings},
            secrets=SECRETS[channel] if secrets is None else secrets,
            by=admin,
            now=at(8),
        )

    return make


@pytest.fixture
def reporter(client):
    """A provider that reports: reporter(provider).status("id-1", "delivered")."""
    return lambda provider, key="rahasia": Reporter(client, provider.address, key)


def outgoing(**more):
    """A message as it reaches a channel."""
    known = {
        "key": "mpp-7",
        "to": "+6281234567890",
        "subject": "Giliran Anda",
        "body": "Nomor A-7 dipanggil.\nBalas STOP untuk berhenti.",
        "sender_name": "MPP Uji",
    }
    return Outgoing(**known | more)
