"""Who was served is asked once, half an hour later, and only where nobody answered."""

from datetime import timedelta

import pytest
from model_bakery import baker

from feedback import inviting, surveys, tasks
from feedback.surveys import Said
from notifications import outbox, wording
from notifications.models import Contact, Message
from notifications.states import Channel, State
from queueing import tickets
from queueing.models import Visit
from services.models import CounterQueue
from tests.feedback.recipes import last, scores, serve
from tests.notifications.posts import contact_of, plug_in, sends_through, work
from tests.recipes import at, make_queue, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
LATER = at(9, 30)


@pytest.fixture
def served(hall):
    """Somebody served at nine who wants to hear by text."""
    sends_through(hall.mall, Channel.TEXT)
    return follow(hall, serve(hall, now=at(9)))


def follow(hall, ticket, **about):
    Visit.objects.filter(pk=ticket.visit_id).update(
        contact=contact_of(hall.mall, Channel.TEXT, **about)
    )
    Contact.objects.update(created_at=at(9))  # who begins to follow is told of what comes after
    return ticket


def test_the_invitation_names_the_service_and_where(hall, served):
    assert inviting.invite(LATER) == 1

    row = Message.objects.get(channel=Channel.TEXT)
    values = outbox.values_of(row)
    words = wording.of("survey", mall_id=hall.mall.pk, language="id")
    said = wording.filled(words.body, values)
    assert "Mohon luangkan 2 menit untuk menilai Layanan Uji" in said
    assert f"/antrean/{served.visit.token}/survei/" in said
    assert (row.event, row.state) == (f"survey:{served.visit_id}", State.WAITING)


def test_nobody_is_asked_twice(served):
    inviting.invite(LATER)

    assert inviting.invite(LATER + timedelta(minutes=1)) == 0
    assert Message.objects.filter(channel=Channel.TEXT).count() == 1


@pytest.mark.parametrize("moment", [at(9, 29), at(9) + inviting.LATELY])
def test_nobody_is_asked_too_soon_or_days_later(served, moment):
    assert inviting.invite(moment) == 0


def test_beat_may_have_been_away_for_a_night(served):
    assert inviting.invite(at(8, on=at(9).date() + timedelta(days=1))) == 1


def test_who_has_answered_is_not_asked(served):
    surveys.answer(served, Said(scores()), now=at(9, 10))

    assert inviting.invite(LATER) == 0


def test_those_who_have_answered_do_not_stand_before_the_others(hall, served, monkeypatch):
    monkeypatch.setattr(inviting, "MOST", 2)
    for ticket in (served, *(follow(hall, serve(hall, now=at(9))) for _each in range(2))):
        surveys.answer(ticket, Said(scores()), now=at(9, 10))
    waiting = follow(hall, serve(hall, now=at(9)))

    assert (inviting.invite(LATER), inviting.invite(LATER)) == (1, 0)
    assert Message.objects.filter(channel=Channel.TEXT).get().event == f"survey:{waiting.visit_id}"


def test_who_left_no_way_is_not_asked(hall):
    serve(hall, now=at(9))

    assert inviting.invite(LATER) == 0


def test_who_goes_on_to_another_queue_is_asked_about_the_last(hall):
    other = make_service(make_queue(hall.presence, "B"), "Layanan kedua")
    baker.make(CounterQueue, counter=hall.counter, queue=other.queue, rank=None)
    first = hall.issue(now=at(9))
    hall.act(tickets.serve, hall.call())
    hall.act(tickets.transfer, first, service_id=other.pk)
    follow(hall, last(first))

    assert inviting.invite(LATER) == 0

    hall.done(hall.call(now=at(9, 31)), now=at(9, 40))
    assert inviting.invite(at(10, 10)) == 1
    assert outbox.values_of(Message.objects.filter(kind="survey")[0])["layanan"] == "Layanan kedua"


def test_it_is_sent_with_the_reminders_and_waits_for_the_morning(served, monkeypatch):
    line = plug_in(monkeypatch)
    inviting.invite(at(23))
    work(now=at(23, 1))

    assert line.sent == []
    work(now=at(9, on=at(9).date() + timedelta(days=1)))
    assert len(line.sent) == 1


def test_it_is_said_in_the_language_of_the_reader(hall):
    sends_through(hall.mall, Channel.TEXT)
    hall.service.name_en = "Test service"
    hall.service.save()
    follow(hall, serve(hall, now=at(9)), language="en")
    inviting.invite(LATER)

    assert outbox.values_of(Message.objects.first())["layanan"] == "Test service"


@pytest.mark.parametrize("count", [1, 3])
def test_looking_takes_the_same_queries_however_many_were_told(
    hall, count, django_assert_num_queries
):
    for _each in range(count):
        follow(hall, serve(hall, now=at(9)))
    inviting.invite(LATER)

    with django_assert_num_queries(1):
        inviting.invite(LATER)


def test_the_task_is_one_of_those_that_beat_runs(settings):
    tasks.invite()

    assert "feedback.tasks.invite" in settings.CELERY_BEAT_SCHEDULE
