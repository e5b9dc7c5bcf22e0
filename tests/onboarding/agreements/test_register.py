"""Documents are drafted, signed and ended; the counters follow from their days on."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from agencies.models import Agreement, Ceremony, CounterDay, Presence
from agencies.rota import CounterTaken
from core import uploads
from core.models import StoredFile
from onboarding.agreements import fingerprints, register, scans
from onboarding.agreements.register import (
    ChangedMeanwhile,
    Incomplete,
    Signatory,
    Signing,
    WrongDay,
    WrongState,
)
from services.offers import attended_at, offer_of
from tests.onboarding.agreements.recipes import (
    ON,
    SIGNING,
    YEAR_END,
    days_of,
    document,
    neighbour,
    promise,
    signed,
)
from tests.onboarding.path.recipes import scan as a_scan
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
NEXT_MONDAY = ON + timedelta(days=7)


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def court(hall):
    return neighbour(hall.mall)


def draft(hall, *promised, **extra):
    return register.draft(hall.mall, document(*promised, **extra), by=hall.officer, now=at(8))


def test_nothing_follows_from_a_draft(hall, court):
    draft(hall, promise(court, hall.counter, 5))

    assert days_of(court) == []


def test_signing_opens_the_counters_on_the_promised_days(hall, court):
    found = signed(hall, promise(court, hall.counter, 5, 6))

    term = found.terms.get()
    assert days_of(court) == [(5, ON, YEAR_END, term.pk), (6, ON, YEAR_END, term.pk)]
    assert (found.state, found.signed_on, found.signed_at) == ("signed", ON, "Aula Pemkab")


def test_an_agency_with_a_signed_term_stands_on_it(hall, court):
    Presence.objects.filter(pk=court.pk).update(basis=Presence.Basis.DECREE)

    signed(hall, promise(court, hall.counter, 5))

    court.refresh_from_db()
    assert court.basis == Presence.Basis.AGREEMENT


def test_an_addendum_moves_an_agency_from_a_date_on_and_leaves_the_past(hall, court):
    base = signed(hall, promise(court, hall.counter, 5, 6))
    first = date(2026, 4, 6)

    change = signed(hall, promise(court, hall.counter, 5), amends_id=base.pk, from_date=first)

    old, new = base.terms.get().pk, change.terms.get().pk
    eve = first - timedelta(days=1)
    assert days_of(court) == [(5, ON, eve, old), (6, ON, eve, old), (5, first, YEAR_END, new)]


def test_where_numbers_were_given_out_nothing_changes_before_tomorrow(hall):
    hall.issue()

    found = signed(hall, promise(hall.presence, hall.counter, 0), from_date=date(2026, 1, 1))

    term, tomorrow = found.terms.get().pk, ON + timedelta(days=1)
    rows = days_of(hall.presence)
    assert {row for row in rows if row[3] is None} == {
        (weekday, date(2000, 1, 1), ON, None) for weekday in range(5)
    }
    assert [row for row in rows if row[3]] == [(0, tomorrow, YEAR_END, term)]


def test_days_by_decree_stand_until_the_first_term_begins(hall):
    first = ON + timedelta(days=30)

    signed(hall, promise(hall.presence, hall.counter, 0), from_date=first)

    attended = attended_at(hall.mall.pk)[hall.presence.pk]
    assert attended.week(first - timedelta(days=7)) == set(range(5))
    assert attended.week(first) == {0}


def test_a_counter_has_one_agency_on_a_day(hall, court):
    drafted = draft(hall, promise(court, hall.counter, 0))

    with pytest.raises(CounterTaken, match="Loket 1 pada hari Senin sudah dipakai"):
        register.sign([drafted], SIGNING, by=hall.officer, now=at(8))

    drafted.refresh_from_db()
    assert (drafted.state, days_of(court)) == ("draft", [])


def test_agencies_may_swap_their_days_in_one_ceremony(hall, court):
    other = neighbour(hall.mall, "Pengadilan Agama")
    one = signed(hall, promise(court, hall.counter, 5))
    two = signed(hall, promise(other, hall.counter, 6))
    swap = [
        draft(hall, promise(court, hall.counter, 6), amends_id=one.pk, from_date=NEXT_MONDAY),
        draft(hall, promise(other, hall.counter, 5), amends_id=two.pk, from_date=NEXT_MONDAY),
    ]

    register.sign(swap, SIGNING, by=hall.officer, now=at(8))

    at_mall = attended_at(hall.mall.pk)
    assert at_mall[court.pk].week(NEXT_MONDAY) == {6}
    assert at_mall[other.pk].week(NEXT_MONDAY) == {5}


def test_a_ceremony_signs_many_documents_or_none(hall, court):
    other = neighbour(hall.mall, "Pengadilan Agama")
    drafts = [
        draft(hall, promise(court, hall.counter, 5)),
        draft(hall, promise(other, hall.counter, 5)),  # the same counter on the same day
    ]

    with pytest.raises(CounterTaken):
        register.sign(drafts, SIGNING, by=hall.officer, now=at(8))

    states = set(Agreement.objects.values_list("state", flat=True))
    assert (states, Ceremony.objects.count(), CounterDay.objects.filter(term=None).count()) == (
        {"draft"},
        0,
        10,
    )


def test_one_document_may_bind_many_agencies(hall):
    agencies = [neighbour(hall.mall, f"Instansi {number}") for number in range(17)]
    promised = [promise(each, hall.counter, day) for each, day in zip(agencies, [5], strict=False)]
    promised += [promise(each, hall.counters[1], 6) for each in agencies[1:2]]
    parties = (
        Signatory(None, "001/MPP", "Airin", "Wali Kota"),
        *(Signatory(each.agency_id, f"B-{each.pk}", "Kepala", "Kepala") for each in agencies),
    )
    drafted = draft(hall, *promised, parties=parties)

    ceremony = register.sign(
        [drafted],
        Signing(ON, "Serpong", present=("Menteri PANRB", "Wali Kota")),
        by=hall.officer,
        now=at(8),
    )

    assert drafted.parties.count() == 18
    assert ceremony.agreements.get() == drafted
    assert ceremony.present == ["Menteri PANRB", "Wali Kota"]


@pytest.mark.parametrize(
    ("extra", "missing"),
    [
        ({"parties": (Signatory(None, "1", "A", "B"),)}, "sedikitnya satu instansi"),
        ({"parties": (Signatory(None, "1", "A", "B"), Signatory(None))}, "nomor, penanda tangan"),
    ],
)
def test_a_draft_that_lacks_something_is_not_signed(hall, court, extra, missing):
    if len(extra["parties"]) == 2:
        extra = {"parties": (extra["parties"][0], Signatory(court.agency_id))}
    drafted = draft(hall, promise(court, hall.counter, 5), **extra)

    with pytest.raises(Incomplete, match=missing):
        register.sign([drafted], SIGNING, by=hall.officer, now=at(8))


def test_a_term_without_days_is_not_signed(hall, court):
    drafted = draft(hall, promise(court, hall.counter))

    with pytest.raises(Incomplete, match="hari hadir dan loket"):
        register.sign([drafted], SIGNING, by=hall.officer, now=at(8))


@pytest.mark.parametrize("amends", [False, True])
def test_what_is_promised_of_an_agency_that_is_no_party_is_not_signed(hall, court, amends):
    base = signed(hall, promise(court, hall.counter, 5)) if amends else None
    sides = (None, hall.presence.agency_id)
    parties = tuple(Signatory(each, "1", "Budi", "Kepala") for each in sides)
    promised = promise(court, hall.counter, 6)
    drafted = draft(hall, promised, parties=parties, amends_id=base.pk if base else None)

    with pytest.raises(Incomplete, match="Kejaksaan Negeri mempunyai isi tetapi bukan pihak"):
        register.sign([drafted], SIGNING, by=hall.officer, now=at(8))


def test_what_changed_since_it_was_seen_is_not_signed(hall, court):
    drafted = draft(hall, promise(court, hall.counter, 5))
    seen = fingerprints.of([drafted])
    register.redraft(drafted, document(promise(court, hall.counter, 6)))

    with pytest.raises(ChangedMeanwhile, match="sejak pratinjau"):
        register.sign([drafted], SIGNING, seen=seen, by=hall.officer, now=at(8))

    drafted.refresh_from_db()
    assert (drafted.state, days_of(court)) == ("draft", [])


def test_nothing_is_signed_before_its_day(hall, court):
    drafted = draft(hall, promise(court, hall.counter, 5))

    with pytest.raises(WrongDay):
        register.sign(
            [drafted], Signing(ON + timedelta(days=1), "Aula"), by=hall.officer, now=at(8)
        )


def test_what_is_signed_is_neither_signed_again_nor_rewritten_nor_thrown_away(hall, court):
    found = signed(hall, promise(court, hall.counter, 5))
    before = days_of(court)

    with pytest.raises(WrongState):
        register.sign([found], SIGNING, by=hall.officer, now=at(8))
    with pytest.raises(WrongState):
        register.redraft(found, document(promise(court, hall.counter, 6)))
    with pytest.raises(WrongState):
        register.discard(found)

    assert days_of(court) == before


def test_a_draft_is_written_anew_and_thrown_away(hall, court):
    found = draft(hall, promise(court, hall.counter, 5))

    register.redraft(found, document(promise(court, hall.counter, 6), title="Lain"))

    found.refresh_from_db()
    assert (found.title, found.terms.get().weekdays) == ("Lain", [6])
    register.discard(found)
    assert not Agreement.objects.exists()


def test_ending_early_closes_the_counters_after_the_last_day(hall, court):
    found = signed(hall, promise(court, hall.counter, 5))
    last = ON + timedelta(days=10)

    register.terminate(found, on=last, reason="Pindah", by=hall.officer, now=at(9))

    assert [row[2] for row in days_of(court)] == [last]
    found.refresh_from_db()
    assert (found.state, found.ended_on, found.end_reason) == ("terminated", last, "Pindah")


def test_an_addendum_ends_with_what_it_amends(hall, court):
    base = signed(hall, promise(court, hall.counter, 5))
    signed(hall, promise(court, hall.counter, 6), amends_id=base.pk, from_date=NEXT_MONDAY)
    last = NEXT_MONDAY + timedelta(days=6)

    register.terminate(base, on=last, reason="Pindah", by=hall.officer, now=at(9))

    assert attended_at(hall.mall.pk)[court.pk].last_day() == last


@pytest.mark.parametrize("days", [-1, 400])
def test_an_end_lies_between_today_and_the_end_that_is_agreed(hall, court, days):
    found = signed(hall, promise(court, hall.counter, 5))

    with pytest.raises(WrongDay):
        register.terminate(
            found, on=ON + timedelta(days=days), reason="Pindah", by=hall.officer, now=at(9)
        )


def test_ending_needs_a_reason(hall, court):
    found = signed(hall, promise(court, hall.counter, 5))

    with pytest.raises(Incomplete):
        register.terminate(found, on=ON, reason=" ", by=hall.officer, now=at(9))


def test_a_renewal_goes_on_where_the_old_one_ends(hall, court):
    old = signed(hall, promise(court, hall.counter, 5), until_date=date(2026, 3, 31))

    signed(hall, promise(court, hall.counter, 5), from_date=date(2026, 4, 1), renews_id=old.pk)

    attended = attended_at(hall.mall.pk)[court.pk]
    assert (date(2026, 3, 28) in attended, date(2026, 4, 4) in attended) == (True, True)
    assert attended.last_day() == YEAR_END


def test_a_service_the_term_does_not_name_is_not_to_be_had(hall):
    named = promise(hall.presence, hall.counter, 0, services=())

    signed(hall, named)

    assert offer_of(hall.service.pk).attended.week(NEXT_MONDAY) == set()


def test_a_service_the_term_names_is_to_be_had_on_its_days(hall):
    signed(hall, promise(hall.presence, hall.counter, 0, services=(hall.service.pk,)))

    assert offer_of(hall.service.pk).attended.week(NEXT_MONDAY) == {0}


def test_an_addendum_amends_and_nothing_else_does(hall, court):
    with pytest.raises(Incomplete, match="hanya adendum"):
        draft(hall, promise(court, hall.counter, 5), kind="addendum")


@pytest.mark.parametrize("days", [{"until_date": date(9999, 12, 31)}, {"from_date": date(1, 1, 1)}])
def test_days_beyond_all_sense_are_refused(hall, court, days):
    with pytest.raises(WrongDay):
        draft(hall, promise(court, hall.counter, 5), **days)


def test_a_draft_is_no_base_for_an_addendum(hall, court):
    base = draft(hall, promise(court, hall.counter, 5))

    with pytest.raises(Incomplete, match="harus sudah"):
        draft(hall, promise(court, hall.counter, 6), amends_id=base.pk)


def test_agencies_counters_and_services_of_another_mall_are_refused(hall, court):
    far = make_hall(slug="mpp-jauh")

    for wrong in (
        promise(far.presence, hall.counter, 5),
        promise(court, far.counter, 5),
        promise(court, hall.counter, 5, services=(far.service.pk,)),
    ):
        with pytest.raises(Incomplete):
            draft(hall, wrong)


def test_the_database_refuses_what_the_rules_would(hall, court):
    found = signed(hall, promise(court, hall.counter, 5))

    with pytest.raises(IntegrityError):
        Agreement.objects.filter(pk=found.pk).update(signed_on=None)


def test_a_draft_that_is_thrown_away_takes_its_scans_with_it(hall, court):
    found = draft(hall, promise(court, hall.counter, 5))
    scan = uploads.accept(a_scan(), kinds=[uploads.Kind.PNG])
    scans.attach(found, scan, title="Naskah", now=at(8))

    register.discard(found)

    assert StoredFile.objects.count() == 0
