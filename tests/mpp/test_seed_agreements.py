from datetime import date, timedelta

import pytest

from agencies.agreement_states import State, state_of
from agencies.models import Agreement, CounterDay, Presence
from core import clock
from core.proof import Scope
from mpp import seed, seed_agreements, seed_path
from mpp.invariants import ALL
from onboarding.agreements.promises import last_day
from onboarding.models import Milestone
from queueing.invariants import verify
from services.offers import attended_at


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def agreed(db, settings, now):
    settings.DEMO = True
    seed.load()
    return seed_agreements.agree(now=now)


def test_the_demonstration_stands_on_agreements_of_all_ages(agreed, now):
    today = now.date()
    states = {
        state_of(each.state, each.from_date, last_day(each), on=today)
        for each in Agreement.objects.all()
    }
    moving = Presence.objects.get(agency__slug=seed_agreements.MOVING, mall__slug=seed.BEKASI)
    attended = attended_at(moving.mall_id)[moving.pk]
    before = CounterDay.objects.count()

    assert states >= {State.IN_FORCE, State.ENDING}
    assert attended.week(today + timedelta(days=21)) == {0}
    assert attended.week(today) != {0}
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []
    # A second run, and one that writes the file anew, leave the agreements and their days alone.
    assert seed_agreements.agree(now=now) == 0
    seed.load(force=True)
    assert seed_agreements.agree(now=now) == 0
    assert CounterDay.objects.count() == before
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []


def test_the_way_of_the_malls_is_written_once_and_says_what_is_known(db, settings, now):
    settings.DEMO = True
    seed.load()

    written = [seed_path.tread(now=now), seed_path.tread(now=now)]

    found = Milestone.objects.values_list("mall__slug", "act", "on")
    assert written == [2, 0]
    assert set(found) == {
        (seed.BEKASI, "commit", date(2020, 3, 10)),
        ("mpp-kota-bekasi", "commit", date(2019, 3, 27)),
    }
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []


def test_no_agreement_of_the_demonstration_passes_for_a_real_one(agreed):
    titles = Agreement.objects.values_list("title", flat=True)

    assert agreed
    assert [title for title in titles if not title.endswith("(contoh)")] == []
