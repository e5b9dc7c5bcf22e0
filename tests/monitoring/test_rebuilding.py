"""`manage.py rebuild_figures` counts what it is told to, once more."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.proof import Scope
from monitoring import checks, rollups
from monitoring.models import Day
from queueing import sweeps
from queueing.models import Ticket
from services.models import Service
from tests.recipes import MONDAY, at, make_hall

pytestmark = pytest.mark.django_db
NEXT = MONDAY + timedelta(1)


def lived(slug):
    """A mall that has counted two closed days."""
    hall = make_hall(slug=slug)
    for on in (MONDAY, NEXT):
        hall.done(
            hall.issue(now=at(9, on=on)) and hall.call(now=at(9, 5, on=on)), now=at(9, 9, on=on)
        )
    later = at(1, on=NEXT + timedelta(1))
    sweeps.close_days(now=later)
    rollups.refresh(now=later)
    return hall


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: at(2, on=NEXT + timedelta(1)))


def rebuild(*arguments):
    out = StringIO()
    call_command("rebuild_figures", *arguments, stdout=out)
    return out.getvalue()


def breaches():
    return sum(len(check(Scope()).breaches) for check in (checks.days, checks.whole, checks.months))


def test_figures_that_were_spoilt_are_what_happened_again():
    lived("mpp-uji")
    Day.objects.filter(is_closed=True).update(cells=[], totals=[])
    assert breaches() > 0

    said = rebuild()

    assert said == "mpp-uji: 3 hari dihitung\n"
    assert breaches() == 0


def test_a_repair_without_an_event_is_seen_by_counting_again():
    lived("mpp-uji")
    Ticket.objects.update(service_seconds=7)

    rebuild("--mall", "mpp-uji")

    assert breaches() == 0


def test_only_the_mall_and_the_days_that_were_named_are_counted():
    lived("mpp-lain")
    lived("mpp-uji")
    Day.objects.update(digest="x")

    said = rebuild("--mall", "mpp-uji", "--since", NEXT.isoformat())

    counted = Day.objects.filter(is_closed=True).exclude(digest="x")
    assert said == "mpp-uji: 2 hari dihitung\n"
    assert [*counted.values_list("mall__slug", "date")] == [("mpp-uji", NEXT)]


def test_counting_again_changes_no_digest():
    lived("mpp-uji")
    before = [*Day.objects.order_by("pk").values_list("digest", flat=True)]

    rebuild()

    assert [*Day.objects.order_by("pk").values_list("digest", flat=True)] == before


def test_a_standard_that_was_changed_holds_from_the_next_count():
    lived("mpp-uji")
    Service.objects.update(minutes=1)
    before = [*Day.objects.filter(is_closed=True).values_list("digest", flat=True)]

    rebuild()

    assert before != [*Day.objects.filter(is_closed=True).values_list("digest", flat=True)]


def test_a_mall_that_is_not_there_is_said():
    with pytest.raises(CommandError, match="tidak ada"):
        rebuild("--mall", "mpp-entah")
