"""The days of counters in the admin: the past and what agreements promise stay as they are."""

from datetime import date, timedelta

import pytest
import time_machine
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment, CounterDay, Mall, Presence
from tests.recipes import MONDAY, at, make_hall, make_presence

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    hall = make_hall()
    Presence.objects.update(basis=Presence.Basis.DECREE)
    return hall


@pytest.fixture
def admin(client, hall):
    user = User.objects.create_user("admin", is_staff=True)
    baker.make(Assignment, user=user, role=Role.MALL_ADMIN, mall=hall.mall, agency=None)
    client.force_login(user)
    return client


def send(admin, hall, *, row=0, **typed):
    """The page of the counter with one row changed; what was wrong with it."""
    address = f"/admin/agencies/counter/{hall.counter.pk}/change/"
    context = admin.get(address).context
    forms = [context["adminform"].form]
    for part in context["inline_admin_formsets"]:
        forms += [part.formset.management_form, *part.formset.initial_forms]
    sent = {
        b.html_name: b.value()
        for f in forms
        for b in f
        if not (b.value() is None or b.value() is False)
    }
    sent |= {f"days-{row}-{name}": value for name, value in typed.items()}
    sent["days-TOTAL_FORMS"] = max(int(sent["days-TOTAL_FORMS"]), row + 1)
    answer = admin.post(address, sent)
    return answer.status_code if answer.status_code == 302 else str(answer.context["errors"])


def add(admin, hall, presence, **typed):
    new = {"presence": presence.pk, "weekday": 5, "from_date": MONDAY + DAY, **typed}
    return send(admin, hall, row=5, **new)


def test_a_new_day_begins_tomorrow(admin, hall):
    assert add(admin, hall, hall.presence) == 302

    assert CounterDay.objects.get(weekday=5).from_date == MONDAY + DAY


def test_the_past_of_a_public_mall_is_not_written(admin, hall):
    assert "paling cepat 2026-03-10" in add(admin, hall, hall.presence, from_date=MONDAY)
    assert "sudah berlaku" in send(admin, hall, weekday=5)
    assert "sudah berlaku" in send(admin, hall, DELETE="on")
    assert "paling cepat 2026-03-09" in send(admin, hall, until_date=MONDAY - DAY)

    assert list(CounterDay.objects.values_list("weekday", flat=True)) == [0, 1, 2, 3, 4]


def test_a_day_that_has_begun_may_end_and_another_agency_follow(admin, hall):
    other = make_presence(hall.mall, "Instansi lain")
    Presence.objects.update(basis=Presence.Basis.DECREE)

    assert "dipakai instansi lain" in add(admin, hall, other, weekday=0)
    assert send(admin, hall, until_date=MONDAY + 7 * DAY) == 302
    assert add(admin, hall, other, weekday=0, from_date=MONDAY + 8 * DAY) == 302

    assert CounterDay.objects.filter(weekday=0).count() == 2


def test_a_mall_in_preparation_is_arranged_at_will(admin, hall):
    Mall.objects.update(stage=Mall.Stage.PREPARATION)

    assert send(admin, hall, weekday=5, from_date=date(2026, 1, 1)) == 302

    assert CounterDay.objects.filter(weekday=5, from_date=date(2026, 1, 1)).exists()


@pytest.mark.parametrize("typed", [{"break_from": "10:00"}, {"until_date": "2026-12-31"}])
def test_what_an_agreement_promises_is_not_changed_here(admin, hall, typed):
    Presence.objects.update(basis=Presence.Basis.AGREEMENT)

    assert "mengikuti perjanjian" in send(admin, hall, **typed)


def test_no_day_is_added_or_deleted_for_an_agency_by_agreement(admin, hall):
    Presence.objects.update(basis=Presence.Basis.AGREEMENT)

    assert "mengikuti perjanjian" in add(admin, hall, hall.presence)
    assert "mengikuti perjanjian" in send(admin, hall, DELETE="on")
    assert CounterDay.objects.count() == 5


def test_a_page_sent_back_as_it_was_changes_nothing(admin, hall):
    Presence.objects.update(basis=Presence.Basis.AGREEMENT)
    before = list(CounterDay.objects.values())

    assert send(admin, hall) == 302

    assert list(CounterDay.objects.values()) == before
