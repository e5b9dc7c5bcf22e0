"""Quiet hours and the day's budget, in every zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import budget

ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
YEAR = [datetime(2026, 1, 1), datetime(2027, 1, 1)]  # noqa: DTZ001 - so hypothesis wants them
moments = st.datetimes(*YEAR, timezones=st.just(UTC))
times = st.times().map(lambda each: each.replace(second=0, microsecond=0))


@given(moments, st.sampled_from(ZONES), times, times)
def test_quiet_hours_end_when_they_say_and_soon(now, zone, begins, ends):
    until = budget.quiet_until(now, zone, begins, ends)

    local = now.astimezone(zone).time()
    over_night = begins > ends
    inside = local >= begins or local < ends if over_night else begins <= local < ends
    assert (until is not None) == (begins != ends and inside)
    if until is not None:
        assert until.astimezone(zone).time() == ends
        assert now < until <= now + timedelta(days=1)
        assert budget.quiet_until(until, zone, begins, ends) is None


@given(moments, st.sampled_from(ZONES))
def test_a_new_budget_begins_at_the_malls_own_midnight(now, zone):
    begins = budget.next_day(now, zone).astimezone(zone)

    assert begins.time() == time(0)
    assert begins.date() == now.astimezone(zone).date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("hour", "quiet"), [(19, False), (20, True), (23, True), (0, True), (6, True), (7, False)]
)
def test_the_usual_night_is_from_eight_to_seven(hour, quiet):
    zone = ZONES[0]
    now = datetime(2026, 3, 9, hour, tzinfo=zone)

    assert (budget.quiet_until(now, zone, time(20), time(7)) is not None) == quiet
