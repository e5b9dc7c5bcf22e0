"""Nobody but its own people sees or runs a floor."""

import pytest

from accounts.roles import Role
from hall import alarms
from hall.models import Alarm, Announcement, Closure, HallEvent
from queueing.models import Desk
from queueing.views.floor import ACTS
from services.models import CounterQueue
from tests.hall.conftest import appoint
from tests.queueing.floor import MEETING, asked, look, press, second_agency
from tests.recipes import at, make_hall, make_officer, make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall(counters=2)


STRANGERS = {
    "other mall": lambda hall: appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall),
    "own officer": lambda hall: hall.officer,
    "agency admin": lambda hall: make_officer(hall.presence, Role.AGENCY_ADMIN),
    "operator": lambda hall: appoint(Role.OPERATOR),
    "ministry": lambda hall: appoint(Role.MINISTRY_MONITOR),
}


def stored():
    models = (Alarm, Closure, CounterQueue, HallEvent, Desk, Announcement)
    return [list(model.objects.order_by("pk").values()) for model in models]


def form_for(hall):
    alarms.raise_(hall.counter, by=hall.officer, now=at(9))
    closure = asked(hall)
    return {
        "counter": hall.counter.pk,
        "closure": closure.pk,
        "alarm": Alarm.objects.get().pk,
        "queue": make_queue(hall.presence, "B").pk,
        "reason": int(MEETING),
        "until": "30",
    }


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_finds_no_floor_and_changes_nothing(client, hall, who):
    user, form = STRANGERS[who](hall), form_for(hall)
    before = stored()

    answers = [
        look(client, user, hall),
        look(client, user, hall, "floor_counter", hall.counter.pk),
        look(client, user, hall, "floor_boards"),
        *(press(client, user, hall, act, **form) for act in ACTS),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert stored() == before


def test_the_supervisor_of_another_agency_runs_only_their_own_counters(client, hall):
    presence, _queue, _service = second_agency(hall, "C")
    user, form = make_officer(presence, Role.SUPERVISOR), form_for(hall)
    before = stored()

    page = look(client, user, hall)
    assert (page.status_code, "Loket 1" in page.text) == (200, False)
    assert look(client, user, hall, "floor_counter", hall.counter.pk).status_code == 404
    refused = {act: press(client, user, hall, act, **form).status_code for act in ACTS}

    assert refused == dict.fromkeys(ACTS, 404)
    assert stored() == before
