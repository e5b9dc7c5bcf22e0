from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from agencies import access
from agencies.models import BEGINNING, Assignment, Ceremony, Mall
from hall.models import HallEvent
from onboarding.models import Location, Milestone, Task
from onboarding.path import naming, way
from onboarding.states import MOVES, ONCE, Act, Stage
from tests.onboarding.path.recipes import (
    AGO,
    NOON,
    acts_of,
    coach,
    committed,
    furnish,
    mall_at,
    record,
    region,
    somebody,
)
from tests.recipes import MONDAY

pytestmark = pytest.mark.django_db
TOMORROW = MONDAY + timedelta(days=1)
YESTERDAY = MONDAY - timedelta(days=1)
OCCASION = {"title": "Peresmian", "place": "Jakarta", "present": [], "document": None}


def test_forty_five_regions_commit_themselves_in_one_ceremony():
    regions = [region(f"Kabupaten Uji {number}") for number in range(45)]

    malls = committed(*regions, present=["Menteri PANRB", "Gubernur"])

    ceremony = Ceremony.objects.get()
    assert (ceremony.held_on, len(ceremony.present)) == (AGO, 2)
    assert ceremony.milestones.filter(act=Act.COMMIT, on=AGO).count() == 45
    assert {mall.region for mall in malls} == set(regions)


def test_a_region_without_a_mall_gets_one_named_after_it():
    (mall,) = committed(region("Kabupaten Bekasi"))

    assert (mall.slug, mall.short_name) == ("mpp-kabupaten-bekasi", "MPP Kabupaten Bekasi")
    assert (mall.kind, mall.organiser) == (Mall.Kind.MPP, "DPMPTSP Kabupaten Bekasi")
    assert (mall.stage, acts_of(mall)) == (Stage.COMMITMENT, [Act.COMMIT])
    assert HallEvent.objects.get().act == "path.commit"


def test_a_region_with_a_mall_keeps_it_and_its_stage():
    mall = mall_at(Stage.INAUGURATED)

    assert committed(mall.region) == [mall]

    mall.refresh_from_db()
    assert (mall.stage, Mall.objects.count()) == (Stage.INAUGURATED, 1)


def test_who_committed_already_is_named_and_nothing_is_recorded():
    first, second = region("Kabupaten Satu"), region("Kabupaten Dua")
    committed(first)

    with pytest.raises(way.CommittedAlready, match="Sudah berkomitmen: Kabupaten Satu"):
        committed(first, second)

    assert (Ceremony.objects.count(), Mall.objects.count()) == (1, 1)


def test_a_ceremony_of_nobody_is_none():
    with pytest.raises(way.NobodyChosen):
        way.commit([], held_on=AGO, by=coach(), now=NOON, **OCCASION)


def test_a_commitment_is_not_of_the_future():
    with pytest.raises(way.WrongDay, match="belum tiba"):
        committed(held_on=TOMORROW)


def test_a_commitment_typed_in_later_is_not_after_what_followed_it():
    mall = mall_at(Stage.COMMITMENT)
    record(mall, Act.PREPARE, on=AGO)

    with pytest.raises(way.WrongDay, match="tidak mungkin sesudah Persiapan dimulai"):
        committed(mall.region, held_on=AGO + timedelta(days=1))


def test_after_a_commitment_typed_in_later_the_last_day_still_counts():
    mall = mall_at(Stage.COMMITMENT)
    record(mall, Act.PREPARE, on=YESTERDAY)
    committed(mall.region, held_on=AGO)

    with pytest.raises(way.WrongDay):
        record(mall, Act.NEGOTIATE, on=AGO)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("act", Act)
def test_every_act_from_every_stage_does_what_the_table_says(stage, act):
    mall = mall_at(stage)
    furnish(mall)
    by, step = somebody(mall=mall), MOVES[act]

    if stage not in step.origins:
        with pytest.raises(way.WrongStage):
            record(mall, act, by=by)
        assert acts_of(mall) == []
        return
    milestone = record(mall, act, by=by)

    mall.refresh_from_db()
    reached = step.target or (Stage.SOFT_LAUNCH if act == Act.REOPEN else stage)
    assert (mall.stage, milestone.came_from, milestone.led_to) == (reached, stage, reached)


@pytest.mark.parametrize("act", [act for act in Act if act not in {Act.COMMIT, Act.SUSPEND}])
def test_nothing_is_recorded_before_it_happened(act):
    mall = mall_at(min(MOVES[act].origins))
    furnish(mall)

    with pytest.raises(way.WrongDay, match="belum tiba"):
        record(mall, act, on=TOMORROW)


def test_nothing_is_recorded_before_the_milestone_before_it():
    (mall,) = committed()
    record(mall, Act.PREPARE, on=YESTERDAY)

    with pytest.raises(way.WrongDay, match="Persiapan dimulai tercatat pada 8 Maret 2026"):
        record(mall, Act.NEGOTIATE, on=YESTERDAY - timedelta(days=1))


def test_a_mall_set_back_by_hand_does_not_take_a_step_twice():
    mall = mall_at(Stage.COMMITMENT)
    record(mall, Act.PREPARE)
    Mall.objects.update(stage=Stage.COMMITMENT)

    with pytest.raises(way.WrongStage, match="sudah tercatat"):
        record(mall, Act.PREPARE)


@pytest.mark.parametrize("act", ONCE)
def test_the_database_takes_no_step_twice(act):
    mall = mall_at(Stage.COMMITMENT)
    row = {"mall": mall, "act": act, "led_to": mall.stage, "on": AGO, "by": coach(), "at": NOON}
    Milestone.objects.create(**row)

    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.create(**row)


def test_the_preparation_lays_the_list():
    (mall,) = committed()

    record(mall, Act.PREPARE)

    assert Task.objects.filter(mall=mall).count() == 21


def test_a_launch_without_anything_to_open_says_what_lacks():
    mall = mall_at(Stage.AGREEMENT)

    with pytest.raises(way.NothingOpens, match="jam layanan belum diisi; belum ada instansi"):
        record(mall, Act.LAUNCH)


def test_a_counter_on_a_day_without_hours_opens_nothing():
    mall = mall_at(Stage.AGREEMENT)
    furnish(mall).counter.days.update(weekday=6)

    assert way.lacking(mall, on=MONDAY) == ["tidak ada loket yang dijaga pada hari buka"]


def test_hours_and_counters_of_later_or_before_open_nothing():
    mall = mall_at(Stage.AGREEMENT)
    day = furnish(mall, since=TOMORROW)

    assert len(way.lacking(mall, on=MONDAY)) == 2
    day.counter.days.update(from_date=BEGINNING, until_date=YESTERDAY)
    assert len(way.lacking(mall, on=MONDAY)) == 2


def test_an_agency_that_left_opens_nothing():
    mall = mall_at(Stage.AGREEMENT)
    presence = furnish(mall).presence
    presence.is_active = False
    presence.save()

    assert way.lacking(mall, on=MONDAY) == ["belum ada instansi yang mempunyai loket"]


def test_a_mall_that_rests_is_closed_from_its_day_on_and_returns_to_where_it_stood():
    mall = mall_at(Stage.COACHED)

    record(mall, Act.SUSPEND, on=TOMORROW)
    mall.refresh_from_db()
    assert (mall.stage, mall.suspended_from) == (Stage.SUSPENDED, TOMORROW)
    assert (mall.suspended_for, Milestone.objects.get().note) == ("Banjir", "Banjir")

    record(mall, Act.REOPEN, on=MONDAY)
    mall.refresh_from_db()
    assert (mall.stage, mall.suspended_from, mall.suspended_for) == (Stage.COACHED, None, "")


def test_nobody_is_suspended_yesterday_or_for_nothing():
    mall = mall_at(Stage.COACHED)

    with pytest.raises(way.WrongDay, match="paling cepat hari ini"):
        record(mall, Act.SUSPEND, on=YESTERDAY)
    with pytest.raises(way.ReasonMissing):
        record(mall, Act.SUSPEND, reason=" ")


def test_a_move_keeps_where_the_mall_was():
    (mall,) = committed(mall_at(Stage.COMMITMENT).region)

    record(mall, Act.MOVE, on=YESTERDAY)

    mall.refresh_from_db()
    rows = Location.objects.filter(mall=mall).values_list("from_date", "place_name")
    assert list(rows) == [(AGO, "Gedung Lama"), (YESTERDAY, "Gedung Baru")]
    assert (mall.place_name, mall.address) == ("Gedung Baru", "Jalan Baru 2")


def test_the_first_place_of_a_mall_without_a_past_is_from_the_beginning():
    mall = mall_at(Stage.COACHED)

    record(mall, Act.MOVE)

    assert Location.objects.filter(mall=mall).first().from_date == BEGINNING


def test_a_mall_that_had_no_place_begins_with_its_first():
    (mall,) = committed()

    record(mall, Act.MOVE)

    assert Location.objects.get().place_name == "Gedung Baru"


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        (way.Place("Gedung Lama", "Jalan Lama 1"), "tempatnya yang sekarang"),
        (way.Place(" ", "Jalan"), "Isi nama tempat"),
        (way.Place("Gedung", ""), "Isi nama tempat"),
    ],
)
def test_a_move_leads_to_another_place(place, refusal):
    mall = mall_at(Stage.COACHED)

    with pytest.raises(way.PlaceMissing, match=refusal):
        record(mall, Act.MOVE, moved_to=place)


def test_nobody_moves_twice_on_a_day():
    mall = mall_at(Stage.COACHED)
    record(mall, Act.MOVE)

    with pytest.raises(way.WrongDay, match="menempati Gedung Baru sejak 9 Maret 2026"):
        record(mall, Act.MOVE, moved_to=way.Place("Gedung Lain", "Jalan"))


def test_several_malls_are_inaugurated_at_once():
    malls = [mall_at(Stage.SOFT_LAUNCH) for _each in range(3)]

    ceremony = way.inaugurate(malls, held_on=MONDAY, by=coach(), now=NOON, **OCCASION)

    assert ceremony.milestones.filter(act=Act.INAUGURATE).count() == 3
    assert set(Mall.objects.values_list("stage", flat=True)) == {Stage.INAUGURATED}


def test_one_that_is_not_open_yet_stops_the_inauguration_of_all():
    ready, early = mall_at(Stage.SOFT_LAUNCH), mall_at(Stage.AGREEMENT, short_name="MPP Dini")

    with pytest.raises(way.WrongStage, match=r"untuk MPP Dini \(Kerja sama\)"):
        way.inaugurate([ready, early], held_on=MONDAY, by=coach(), now=NOON, **OCCASION)
    with pytest.raises(way.NobodyChosen):
        way.inaugurate([], held_on=MONDAY, by=coach(), now=NOON, **OCCASION)

    ready.refresh_from_db()
    assert (ready.stage, Ceremony.objects.count()) == (Stage.SOFT_LAUNCH, 0)


def add_place(here, *, by, name="Gerai Deltamas", **what):
    known = {"short_name": "GPP Deltamas", "place": way.Place("AEON", "Jalan"), "on": MONDAY}
    return way.add_place(here, Mall.Kind.GPP, name, by=by, now=NOON, **(known | what))


def test_one_more_place_of_an_organiser_begins_with_its_preparation():
    (first,) = committed()

    made = add_place(first.region, by=somebody(mall=first))

    assert (made.organiser, made.slug, made.stage) == (
        first.organiser,
        "gpp-deltamas",
        Stage.PREPARATION,
    )
    assert (acts_of(made), Location.objects.get(mall=made).place_name) == ([Act.PREPARE], "AEON")
    assert Task.objects.filter(mall=made).count() == 21


def test_who_adds_a_place_runs_it_and_the_operator_does_anyway():
    (first,) = committed()
    admin, operator = somebody(mall=first), somebody(Role.OPERATOR)

    made = add_place(first.region, by=admin)
    add_place(first.region, by=operator, name="Lain")

    assert access.acts_at(admin, made, on=MONDAY) == access.acts_at(admin, first, on=MONDAY)
    assert Assignment.objects.filter(user=operator).count() == 1


def test_a_place_needs_an_organiser_a_name_of_its_own_and_an_address():
    (first,) = committed()
    by = somebody(mall=first)
    add_place(first.region, by=by)

    with pytest.raises(way.NoOrganiser, match="belum mempunyai MPP"):
        add_place(region("Kota Lain"), by=by)
    with pytest.raises(way.NameTaken):
        add_place(first.region, by=by, name="gerai deltamas ")
    with pytest.raises(way.PlaceMissing):
        add_place(first.region, by=by, name="B", place=way.Place("", ""))
    with pytest.raises(way.WrongDay):
        add_place(first.region, by=by, name="B", on=TOMORROW)


def test_bekasi_from_the_commitment_to_the_first_counters():
    (mall,) = committed(region("Kabupaten Bekasi"), held_on=date(2020, 3, 10))
    for act, on in ((Act.PREPARE, date(2020, 4, 1)), (Act.NEGOTIATE, date(2020, 8, 1))):
        record(mall, act, on=on)
    furnish(mall)

    record(mall, Act.LAUNCH, on=date(2020, 10, 9))

    assert list(access.public_malls()) == [mall]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("MPP Kabupaten Bekasi", "MPP Kabupaten Bekasi"),
        ("MPP Kabupaten Kepulauan Siau Tagulandang Biaro", "MPP Kab. Kepulauan Siau Tagulandang"),
        ("x" * 50, "x" * 40),
    ],
)
def test_short_names_end_with_a_whole_word(name, short):
    assert naming.short(name) == short


def test_a_slug_that_is_taken_gets_a_number():
    assert naming.slug("GPP Uji", {"gpp-uji", "gpp-uji-2"}) == "gpp-uji-3"
    assert naming.slug("...", set()) == "mal"
    assert len(naming.slug("a" * 200, set())) <= 60
