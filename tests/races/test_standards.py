"""Two who publish the same standard at once: it is published once, its tariffs stand once."""

import time
from dataclasses import replace

import pytest

from accounts.roles import Role
from hall.models import HallEvent
from services import standards
from services.components import Content
from services.models import Fee, Standard
from services.standard_states import State
from services.standards import WrongState
from tests.races.crowd import broken_within, errors, together
from tests.recipes import at
from tests.services.recipes import DECREE, WHOLE, drafted, submitted, writer

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(hall):
    """Somebody who writes, and two who may publish."""
    return [writer(hall.presence), *(writer(hall.presence, Role.MALL_ADMIN) for _each in range(2))]


def publish(row, by):
    known = standards.seen(row)
    return lambda: standards.publish(row, DECREE, known=known, by=by, now=at(9))


def times_published():
    return HallEvent.objects.filter(act="standard.published").count()


def test_of_two_publishers_one_publishes(hall, people):
    author, *reviewers = people
    for already in range(5):
        row = submitted(hall.service, by=author)

        results = together(*(publish(row, reviewer) for reviewer in reviewers))

        assert [type(error) for error in errors(results)] == [WrongState]
        assert Standard.objects.filter(state=State.PUBLISHED).count() == 1
        assert Fee.objects.count() == len(WHOLE.fees)
        assert times_published() == already + 1


def test_twin_without_the_lock_it_is_published_twice(hall, people, guard_off):
    author, *reviewers = people

    def read_and_wait(standard):
        row = Standard.objects.select_related("service__presence").get(pk=standard.pk)
        time.sleep(0.1)
        return row

    def goes_wrong():
        row = submitted(hall.service, by=author)
        known = standards.seen(row)
        with guard_off.context() as off:
            off.setattr(standards, "_locked", read_and_wait)
            before = times_published()
            bare = standards.publish.__wrapped__  # each statement stands alone
            results = together(
                *(
                    lambda by=by: bare(row, DECREE, known=known, by=by, now=at(9))
                    for by in reviewers
                )
            )
        return errors(results) == [] and times_published() == before + 2

    assert broken_within(3, goes_wrong)


def test_ten_who_begin_a_draft_begin_one(hall, people):
    results = together(*[lambda: standards.draft(hall.service, by=people[0], now=at(8)).pk] * 10)

    assert errors(results) == []
    assert set(results) == {Standard.objects.get().pk}


def test_of_two_who_save_what_they_have_seen_one_is_kept(hall, people):
    row = drafted(hall.service, Content(), by=people[0])
    known = standards.seen(row)
    ones = [replace(WHOLE, product=name) for name in ("Kartu", "Buku")]

    results = together(
        *(
            lambda by=by, one=one: standards.save(row, one, known=known, by=by, now=at(9))
            for by, one in zip(people, ones, strict=False)
        )
    )

    assert len(errors(results)) == 1
    row.refresh_from_db()
    assert standards.content_of(row) in ones
