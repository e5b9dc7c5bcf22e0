"""Whoever complains is told of receipt and answer, staff of what they have to answer."""

import pytest

from accounts.roles import Role
from feedback import complaints, sealing
from notifications import outbox, wording
from notifications.models import Message
from notifications.states import Channel
from tests.feedback.conftest import appoint
from tests.feedback.recipes import ANSWER, REACH, TEXT, answered, complain, do
from tests.notifications.posts import sends_through
from tests.recipes import make_hall, make_officer, make_presence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


@pytest.fixture
def hall():
    hall = make_hall()
    sends_through(hall.mall, Channel.TEXT)
    return hall


def said(kind, channel=Channel.INBOX):
    return [
        wording.filled(
            wording.of(kind, mall_id=row.mall_id, language=row.contact.language).body,
            outbox.values_of(row),
        )
        for row in Message.objects.filter(kind=kind, channel=channel).order_by("pk")
    ]


def told(user, kind="complaint_new"):
    return Message.objects.filter(contact__user=user, kind=kind, channel=Channel.INBOX).count()


def test_a_receipt_names_number_and_deadline(hall):
    complaint = complain(hall, reach=REACH)

    (text,) = said("complaint_received", Channel.TEXT)
    assert f"nomor {complaint}" in text
    assert "Jumat, 27 Maret 2026" in text
    assert f"/pengaduan/{sealing.link(complaint)}/" in text
    assert TEXT not in text


def test_an_answer_is_told_but_not_its_words(hall, admin):
    complaint = answered(complain(hall, reach=REACH), by=admin)

    (text,) = said("complaint_answered", Channel.TEXT)
    assert f"{complaint} di MPP Uji sudah dijawab" in text
    assert ANSWER not in text


def test_a_refusal_is_an_answer_too(hall, admin):
    do(complaints.dismiss, complain(hall, reach=REACH), ANSWER, by=admin)

    assert len(said("complaint_answered", Channel.TEXT)) == 1


def test_who_stays_unknown_is_told_nothing(hall, admin):
    answered(complain(hall), by=admin)

    assert not Message.objects.filter(contact__user=None).exists()


def test_the_house_and_the_agency_hear_of_a_new_one(hall, admin, supervisor):
    officer, other = hall.officer, appoint(Role.MALL_ADMIN, mall=make_hall(slug="lain").mall)

    complain(hall, presence=hall.presence)

    assert [told(each) for each in (admin, supervisor, officer, other)] == [1, 1, 0, 0]
    (text,) = set(said("complaint_new"))
    assert "perlu ditangani" in text


def test_a_matter_of_the_house_is_no_agency_s(hall, admin, supervisor):
    complain(hall)

    assert [told(admin), told(supervisor)] == [1, 0]


def test_an_agency_hears_of_what_is_forwarded_to_it(hall, admin, supervisor):
    other = make_presence(hall.mall, "Dinas lain")
    head = make_officer(other, Role.AGENCY_ADMIN)
    complaint = complain(hall, presence=hall.presence)

    do(complaints.forward, complaint, other, by=admin)

    assert [told(head), told(supervisor), told(admin)] == [1, 1, 1]


def test_a_copy_of_the_request_tells_nobody_twice(hall, admin):
    complaint = complain(hall, reach=REACH)
    complaints.telling.of_event(complaint.events.get(), now=complaint.received_at)

    assert told(admin) == 1
    assert len(said("complaint_received", Channel.TEXT)) == 1
