"""A March of a hall: days counted and closed, and its report in any state."""

from datetime import date, timedelta

from django.utils.translation import override
from model_bakery import baker

from accounts.models import User
from agencies.models import Agency, Assignment, Mall, Region
from monitoring import periods, rollups
from monitoring.models import Kind, Report
from monitoring.reports import asking, building, content, lifecycle
from monitoring.reports.editions import Letter
from monitoring.reports.tables import checksum
from monitoring.states import FROZEN, Move, State
from queueing import sweeps
from services.models import Service
from tests.recipes import MONDAY, at, make_hall

MARCH = periods.of(periods.Kind.MONTH, MONDAY)
APRIL_2 = at(9, on=date(2026, 4, 2))
LETTER = Letter("500.16/12/DPMPTSP/2026", "Siti Rahayu", "Kepala Dinas")


def person(role, mall=None, **place):
    user = User.objects.create_user(f"orang-{User.objects.count()}", password=None)
    baker.make(Assignment, user=user, role=role, mall=mall, agency=None, **place)
    return user


def counted(*, days=1, visitors=8, slug="mpp-uji", wait=20):
    """A hall with some days in March on which people came, were served, and went home."""
    hall = make_hall(slug=slug)
    name_it(hall)
    for ahead in range(days):
        on = MONDAY + timedelta(ahead)
        for number in range(visitors):
            ticket = hall.issue(now=at(9, number, on=on))
            hall.call(now=at(9, number + wait, on=on))
            hall.done(ticket, now=at(9, number + wait, 30, on=on))
    close(date(2026, 4, 1))
    return hall


def close(on):
    """The night after which every day before is closed and counted."""
    midnight = at(0, 5, on=on)
    sweeps.close_days(now=midnight)
    rollups.refresh(now=midnight)


def name_it(hall):
    """Names without anything drawn by chance: the same content everywhere."""
    Agency.objects.filter(pk=hall.presence.agency_id).update(slug="dinas-uji")
    Service.objects.filter(pk=hall.service.pk).update(code="layanan-uji")
    Region.objects.filter(pk=hall.mall.region_id).update(
        code="32.16", name="Kabupaten Uji", province="Jawa Barat"
    )
    Mall.objects.filter(pk=hall.mall.pk).update(place_name="", address="Jalan Uji 1")
    hall.mall = Mall.objects.select_related("region").get(pk=hall.mall.pk)


def ready(hall, *, by=None, now=APRIL_2, kind=Kind.MONTH, period=MARCH):
    """The report of the hall's March, built."""
    report = asking.of_mall(hall.mall, kind, period, by=by, now=now)
    assert building.build(report.pk, now=now)
    return again(report)


def sent(hall, *, by, now=APRIL_2):
    report = ready(hall, by=by, now=now)
    lifecycle.submit(report, LETTER, by=by, now=now)
    return again(report)


def accepted(hall, *, by, judge, now=APRIL_2):
    report = sent(hall, by=by, now=now)
    lifecycle.accept(report, by=judge, now=now)
    return again(report)


def again(report):
    """The report as it is now."""
    return Report.objects.with_names().get(pk=report.pk)


def standing(mall, state, *, version=1, first=MARCH.first, kind=Kind.MONTH):
    """A report in a state, without the way there; its events end where it stands."""
    fields = {"asked_at": APRIL_2, "due_on": date(2026, 4, 10), "version": version}
    if state in FROZEN:
        found = empty(mall, kind, first)
        fields |= {"content": found, "checksum": checksum(found)}
        fields |= {"built_at": APRIL_2, "definitions": 1}
    if state in {State.SUBMITTED, State.ACCEPTED, State.RETURNED}:
        fields |= dict(zip(("letter_number", "signatory", "position"), LETTER, strict=True))
    report = Report.objects.create(mall=mall, kind=kind, first=first, state=state, **fields)
    for move, origin, target in WAYS[state]:
        note = "Perbaiki" if move == Move.GIVE_BACK else ""
        report.events.create(move=move, origin=origin, target=target, at=APRIL_2, note=note)
    return report


def empty(mall, kind=Kind.MONTH, first=MARCH.first):
    """A content without a single table, which every rendering can show."""
    with override("id"):
        found = content.head(kind, periods.of(kind.of_period, first), APRIL_2.date())
        found |= {"definitions": content.meanings([]), "summary": [], "findings": [], "tables": []}
        return found | ({"mall": content.place_of(mall)} if mall else {})


def of_reports(hall):
    """What the addresses of reports need: one of February that the hall has sent."""
    report = standing(hall.mall, State.SUBMITTED, first=date(2026, 2, 1))
    return {"report": report.pk, "report_month": "2026-02", "report_act": "terima"}


_BEGUN = [(Move.BEGIN, None, State.BUILDING)]
_READY = [*_BEGUN, (Move.FREEZE, State.BUILDING, State.READY)]
_SENT = [*_READY, (Move.SUBMIT, State.READY, State.SUBMITTED)]
WAYS = {
    State.BUILDING: _BEGUN,
    State.FAILED: [*_BEGUN, (Move.FAIL, State.BUILDING, State.FAILED)],
    State.READY: _READY,
    State.SUBMITTED: _SENT,
    State.RETURNED: [*_SENT, (Move.GIVE_BACK, State.SUBMITTED, State.RETURNED)],
    State.ACCEPTED: [*_SENT, (Move.ACCEPT, State.SUBMITTED, State.ACCEPTED)],
    State.REPLACED: [*_READY, (Move.REPLACE, State.READY, State.REPLACED)],
}
