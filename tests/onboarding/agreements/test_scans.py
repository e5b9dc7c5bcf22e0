"""A wrong scan of what is signed is withdrawn: shown to nobody, and not forgotten."""

import pytest
import time_machine

from agencies.models import AgreementFile
from core import uploads
from core.models import Kind, StoredFile
from hall.models import HallEvent
from onboarding.agreements import scans
from onboarding.agreements.register import Incomplete
from tests.onboarding.agreements.agreeing import admin_of, scan, url
from tests.onboarding.agreements.recipes import promise, signed
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def admin(hall, client):
    admin = admin_of(hall)
    client.force_login(admin)
    return admin


@pytest.fixture
def file(hall):
    accepted = uploads.accept(scan(), kinds=[Kind.PDF])
    found = signed(hall, promise(hall.presence, hall.counter, 0))
    return scans.attach(found, accepted, title="Naskah salah", now=at(8))


def at_(name, hall, file):
    return url(name, hall, file.agreement_id, file.pk)


def test_what_was_withdrawn_opens_for_nobody_and_its_reason_is_read(client, hall, admin, file):
    asked = client.get(at_("scan_withdraw", hall, file))
    answer = client.post(at_("scan_withdraw", hall, file), {"reason": "Naskah mal lain"})

    assert (asked.status_code, answer.url) == (200, url("agreement", hall, file.agreement_id))
    assert client.get(at_("agreement_file", hall, file)).status_code == 404
    page = client.get(answer.url)
    assert page.context["shown"].files == ()
    assert "“Naskah salah” ditarik" in page.text
    assert "Naskah mal lain" in page.text
    row = AgreementFile.objects.get()
    assert (row.withdrawn_by, row.withdrawn_at) == (admin, at(9))
    assert StoredFile.objects.count() == 1
    assert HallEvent.objects.get(act="agreement.scan_withdrawn").by == admin


def test_withdrawn_twice_it_keeps_the_first_reason(hall, admin, file):
    for reason in ("Salah", "Lain"):
        scans.withdraw(file, reason=reason, by=admin, now=at(9))

    assert AgreementFile.objects.get().withdrawn_for == "Salah"
    assert HallEvent.objects.filter(act="agreement.scan_withdrawn").count() == 1


def test_without_a_reason_it_stays(client, hall, admin, file):
    answer = client.post(at_("scan_withdraw", hall, file), {"reason": " "})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    with pytest.raises(Incomplete):
        scans.withdraw(file, reason=" ", by=admin, now=at(9))
    assert AgreementFile.objects.get().withdrawn_at is None
