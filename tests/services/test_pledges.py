"""A pledge is worded, published, and replaced by the next one; of the mall and of each agency."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from core import memo
from hall.models import HallEvent
from services import pledges
from services.models import Pledge
from services.pledges import NothingToPublish, PledgeIncomplete
from tests.recipes import at, make_hall
from tests.services.recipes import PROMISE, writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def by(hall):
    return writer(hall.presence, Role.MALL_ADMIN)


def promise(hall, by, presence=None, wording=PROMISE, now=None):
    pledges.save(hall.mall, presence, wording, by=by, now=now or at(8))
    pledges.publish(hall.mall, presence, by=by, now=now or at(8))


def test_a_draft_is_not_in_force_and_is_worded_again(hall, by):
    pledges.save(hall.mall, None, PROMISE, by=by, now=at(8))
    pledges.save(hall.mall, None, replace(PROMISE, place="Bekasi"), by=by, now=at(9))

    row = Pledge.objects.get()
    assert (row.place, row.sentences) == ("Bekasi", list(PROMISE.sentences))
    assert pledges.in_force(hall.mall.pk) is None
    assert pledges.draft_of(hall.mall, None) == row


def test_a_published_pledge_stands_until_the_next_one(hall, by):
    promise(hall, by)
    first = pledges.in_force(hall.mall.pk)
    pledges.save(hall.mall, None, replace(PROMISE, place="Bekasi"), by=by, now=at(9))
    assert pledges.in_force(hall.mall.pk) == first

    pledges.publish(hall.mall, None, by=by, now=at(10))

    first.refresh_from_db()
    assert (first.place, first.replaced_at) == ("Cikarang", at(10))
    assert pledges.in_force(hall.mall.pk).place == "Bekasi"
    assert HallEvent.objects.filter(act="pledge.published").count() == 2


def test_mall_and_agency_promise_each_for_themselves(hall, by):
    promise(hall, by)
    promise(hall, by, hall.presence, replace(PROMISE, place="Bekasi"))

    assert pledges.in_force(hall.mall.pk).place == "Cikarang"
    assert pledges.in_force(hall.mall.pk, hall.presence.pk).place == "Bekasi"
    memo.clear_all()
    assert pledges.shown_at(hall.mall.pk).place == "Cikarang"


def test_nothing_is_published_without_a_draft(hall, by):
    with pytest.raises(NothingToPublish):
        pledges.publish(hall.mall, None, by=by, now=at(8))


@pytest.mark.parametrize(
    "blank", [{"sentences": ()}, {"signatory": ""}, {"position": ""}, {"signed_on": None}]
)
def test_nothing_is_published_without_a_signature(hall, by, blank):
    pledges.save(hall.mall, None, replace(PROMISE, **blank), by=by, now=at(8))

    with pytest.raises(PledgeIncomplete):
        pledges.publish(hall.mall, None, by=by, now=at(9))

    assert pledges.in_force(hall.mall.pk) is None


@pytest.mark.parametrize("has_agency", [True, False])
def test_the_database_knows_one_draft_and_one_in_force(hall, by, has_agency):
    presence = hall.presence if has_agency else None
    promise(hall, by, presence)
    pledges.save(hall.mall, presence, PROMISE, by=by, now=at(9))

    for row in Pledge.objects.all():
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_the_usual_sentences_are_indonesian_for_everybody(hall):
    assert all(sentence.endswith(".") for sentence in pledges.usual())
