"""Plans as values, and the forms on which somebody changes them."""

from datetime import date, time, timedelta
from uuid import uuid4

from django.urls import reverse
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from appointments import calendars, planning
from appointments.models import Plan
from appointments.planning import Layout
from appointments.slots import Release, Shares
from appointments.slots import Tranche as Phase
from appointments.slots import Window as Span
from tests.appointments.recipes import at, key
from tests.recipes import MONDAY, make_officer

JANUARY = date(2026, 1, 1)
NEXT = MONDAY + timedelta(days=7)
TEN = Shares(10, 0, 0, 0)


def appoint(role, **place):
    user = User.objects.create_user(f"orang-{uuid4().hex[:6]}")
    baker.make(Assignment, user=user, role=role, **{"mall": None, "agency": None, **place})
    return user


def span(begins=9, ends=10, *, weekday=0, shares=TEN, since=JANUARY, until=None):
    return Span(weekday, time(begins), time(ends), shares, since, until)


def layout(*windows):
    release = Release(time(8), (Phase(14, 100),))
    return Layout(True, "uji", False, release, windows)


def store(service, new, *, known=None, once=None, by=None):
    service.refresh_from_db()
    now = calendars.layout_of(service)
    return planning.store(
        service,
        new,
        known=planning.seen(now) if known is None else known,
        by=by or make_officer(service.presence, Role.AGENCY_ADMIN),
        now=at(9),
        key=once or key(),
    )


def current(service):
    return planning.layout_of(Plan.objects.get(service=service))


def url(name, service, *more):
    return reverse(f"capacity_{name}", args=[service.pk, *more])


def form(**more):
    shares = {"online": 12, "priority": 0, "staff": 0, "walk_in": 2}
    return {"from_date": "2026-03-10", "key": uuid4(), **shares, **more}


def window_form(weekday=1, begins="09:00", ends="10:00", *, was=True, **more):
    known = {"was_day": weekday, "was_begins": begins} if was else {}
    return form(weekday=weekday, begins=begins, ends=ends, **known, **more)


def rules_form(**more):
    return {
        "is_active": "on",
        "family": "uji",
        "release_at": "08:00",
        "mode": 1,
        "days_0": 30,
        "percent_0": 10,
        "days_1": 1,
        "percent_1": 100,
        "key": uuid4(),
        **more,
    }


def saved(client, address, sent):
    """Send a form, look at what it would do, and store it."""
    preview = client.post(address, sent)
    known = preview.context["known"]
    return client.post(address, sent | {"known": known, "do": "save"})


def pages(service):
    names = ("week", "window", "hours", "rules", "month")
    return [url(name, service) for name in names] + [url("day", service, 1)]
