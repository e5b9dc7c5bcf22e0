"""The hall in the admin: to look at within one's reach, never to edit, and without its secrets."""

import pytest
from model_bakery import baker

from accounts.roles import Role
from hall import alarms, announcements, closures, devices
from hall.models import Alarm, Announcement, Closure, Device, HallEvent
from tests.hall.conftest import appoint
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
MODELS = [Alarm, Announcement, Closure, Device, HallEvent]


@pytest.fixture
def rows(hall, admin):
    """One row of each model; the admin may enter the reference data."""
    admin.is_staff = True
    admin.save()
    alarms.raise_(hall.counter, by=hall.officer, now=at(9))
    closures.request(
        hall.counter, reason=Closure.Reason.MEETING, until=at(10), by=hall.officer, now=at(9)
    )
    said = {"ends_at": at(10), "on_boards": True, "on_phones": False, "by": admin, "now": at(9)}
    announcements.say(hall.mall, "Ada", **said)
    board = baker.make(
        Device, mall=hall.mall, kind="board", name="Papan", presence=None, kiosk=None
    )
    devices.enrol(devices.new_code(board, by=admin, now=at(8)), now=at(8))
    return {model: model.objects.first() for model in MODELS}


def address(model, *rest):
    return "/".join(["/admin/hall", model._meta.model_name, *map(str, rest), ""])


@pytest.mark.parametrize("model", MODELS)
def test_what_happened_is_seen_but_not_edited(client, rows, admin, model):
    client.force_login(admin)
    row = rows[model]
    before = model.objects.filter(pk=row.pk).values().get()

    assert client.get(address(model)).status_code == 200
    page = client.get(address(model, row.pk, "change"))
    assert page.status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, row.pk, "change"), {"name": "x"}).status_code == 403
    assert client.post(address(model, row.pk, "delete"), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before
    assert rows[Device].token_hash not in page.text


@pytest.mark.parametrize("model", MODELS)
def test_another_mall_is_out_of_reach(client, rows, model):
    other = appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall)
    other.is_staff = True
    other.save()
    client.force_login(other)

    assert client.get(address(model, rows[model].pk, "change")).status_code == 404
    assert list(client.get(address(model)).context["cl"].queryset.filter(pk=rows[model].pk)) == []
