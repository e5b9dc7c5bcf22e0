from datetime import timedelta

import pytest

from agencies import territory
from agencies.models import Mall, Region
from onboarding.path import maps, nation
from onboarding.path.nation import Asked
from onboarding.states import STILL, Act, Stage
from tests.onboarding.path.recipes import AGO, committed, furnish, mall_at, record, region
from tests.recipes import MONDAY

pytestmark = pytest.mark.django_db


def country(on=MONDAY, **asked):
    return nation.wanted(nation.country(on=on), Asked(**asked))


def names(found):
    return [each.mall.short_name for each in found]


@pytest.mark.parametrize(("days", "still"), [(90, False), (91, True)])
def test_who_stands_longer_than_the_limit_stands_still(days, still):
    committed(held_on=MONDAY - timedelta(days=days))

    (found,) = country()

    assert STILL[Stage.COMMITMENT] == timedelta(days=90)
    assert (found.days, found.is_still) == (days, still)


def test_a_coached_mall_never_stands_still():
    mall = mall_at(Stage.INAUGURATED)
    record(mall, Act.COACH, on=AGO)

    (found,) = country()

    assert (found.days > 2000, found.is_still) == (True, False)


def test_a_move_does_not_begin_the_stage_anew():
    (mall,) = committed(held_on=AGO)
    record(mall, Act.MOVE, on=MONDAY)

    assert country()[0].since == AGO


def test_a_commitment_typed_in_later_is_not_when_the_stage_began():
    mall = mall_at(Stage.SOFT_LAUNCH)
    committed(mall.region, held_on=AGO)

    (found,) = country()

    assert (found.since, found.days, found.is_still) == (None, None, False)


def test_a_mall_that_will_rest_has_not_rested_yet():
    record(mall_at(Stage.COACHED), Act.SUSPEND, on=MONDAY + timedelta(days=3))

    assert country()[0].days == 0


def test_those_who_stand_longest_come_first():
    committed(region("Kabupaten Muda"), held_on=MONDAY)
    committed(region("Kabupaten Tua"), held_on=AGO)

    assert names(country()) == ["MPP Kabupaten Tua", "MPP Kabupaten Muda"]


def test_the_country_is_filtered_by_province_stage_word_and_standing_still():
    committed(region("Kabupaten Satu", "32.01"), held_on=AGO)
    committed(region("Kota Dua", "35.02", "Jawa Timur"), held_on=MONDAY)
    mall_at(Stage.COACHED, short_name="MPP Tiga", region=region("Kota Tiga", "35.03", "Bali"))

    assert names(country(province="Jawa Timur")) == ["MPP Kota Dua"]
    assert names(country(stage="coached")) == ["MPP Tiga"]
    assert names(country(q="kota du")) == ["MPP Kota Dua"]
    assert names(country(q="32.01")) == ["MPP Kabupaten Satu"]
    assert names(country(still_only=True)) == ["MPP Kabupaten Satu"]


def test_totals_count_stages_and_regions_without_a_hall():
    committed(region("Kabupaten Satu"), held_on=AGO)
    mall_at(Stage.COACHED)
    mall_at(Stage.PREPARATION, kind="gpp")

    totals = nation.totals(nation.country(on=MONDAY))

    figures = {stage: count for stage, count in totals.by_stage if count}
    assert figures == {Stage.COMMITMENT: 1, Stage.COACHED: 1, Stage.PREPARATION: 1}
    assert (totals.malls, totals.still, totals.regions, totals.without) == (3, 1, 3, 1)
    assert not totals.is_whole


@pytest.mark.parametrize("count", [3, 600])
def test_six_hundred_malls_take_as_many_queries_as_three(count, django_assert_num_queries):
    regions = Region.objects.bulk_create(
        Region(code=f"{40 + each // 99}.{each % 99:02d}", name=f"Kota {each}", province="Bali")
        for each in range(count)
    )
    fields = {"organiser": "DPMPTSP", "stage": Stage.COACHED}
    Mall.objects.bulk_create(Mall(region=each, slug=each.code, **fields) for each in regions)

    with django_assert_num_queries(2):
        found = nation.country(on=MONDAY)
        nation.totals(found)

    assert len(nation.wanted(found, Asked(province="Bali"))) == count


def test_regions_to_choose_from_are_those_that_have_not_committed():
    first, second = region("Kabupaten Satu"), region("Kabupaten Dua", province="Bali")
    committed(first)

    assert list(nation.uncommitted()) == [second]


def test_regions_are_chosen_by_province_and_what_is_ticked_stays_in_sight():
    rows = [
        region("Kabupaten Satu", "32.01"),
        region("Kabupaten Dua", "32.02"),
        region("Kota Tiga", "51.01", "Bali"),
    ]

    groups = nation.provinces_of(rows, "tiga", {"32.02"})

    assert [(group.province, names_of(group), group.ticked) for group in groups] == [
        ("Jawa Barat", ["Kabupaten Dua"], 1),
        ("Bali", ["Kota Tiga"], 0),
    ]


def names_of(group):
    return [each.name for each in group.regions]


def test_each_mall_is_a_symbol_at_its_region():
    committed(region("Kabupaten Bekasi", "32.16"), held_on=AGO)
    mall_at(Stage.COACHED, region=Region.objects.get())

    drawn = maps.drawn(country(), province="")

    x, y = territory.point_of("32.16")
    places = [symbol.place for symbol in drawn.symbols]
    assert places == [
        f"translate({x:.1f} {y:.1f}) scale(0.80)",
        f"translate({x + 7.2:.1f} {y:.1f}) scale(0.80)",
    ]
    assert drawn.view_box == territory.VIEW_BOX


def test_a_region_that_is_on_no_map_has_no_symbol():
    mall_at(Stage.COACHED, region=region("Kabupaten Baru", "99.99"))

    assert maps.drawn(country(), province="").symbols == []


def test_a_province_is_enlarged_in_the_same_proportions():
    left, top, width, height = map(float, maps.drawn([], province="Bali").view_box.split())

    x, y = territory.point_of("51.71")
    assert (left < x < left + width, top < y < top + height) == (True, True)
    assert (width, round(width / height, 1)) == (120, round(1200 / 452, 1))


def test_each_stage_has_a_shape_of_its_own():
    assert set(maps.SHAPES) == set(Stage)
    assert len(set(maps.SHAPES.values())) == len(Stage)


def test_a_launched_mall_stands_where_it_was_launched():
    mall = mall_at(Stage.AGREEMENT)
    furnish(mall)
    record(mall, Act.LAUNCH, on=AGO)

    assert [(each.stage, each.since) for each in country()] == [(Stage.SOFT_LAUNCH, AGO)]
