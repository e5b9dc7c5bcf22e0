"""The ministry's recap: who reported, who did not, and sums of what was counted."""

from decimal import Decimal

import pytest

from accounts.roles import Role
from agencies.models import Mall, Region
from monitoring import figures
from monitoring.models import Day, Kind
from monitoring.reports import asking, building, editions, recap, sheet
from monitoring.states import State
from tests import papers
from tests.monitoring.reports.recipes import (
    APRIL_2,
    MARCH,
    again,
    counted,
    person,
    sent,
    standing,
)

pytestmark = pytest.mark.django_db


def three_malls():
    """Two malls of one province and one of another, with 8, 8 and 6 visits."""
    west, east = counted(slug="mpp-a"), counted(slug="mpp-b", wait=40)
    move(west, "32.20", "Jawa Barat")
    move(east, "32.21", "Jawa Barat")
    far = counted(slug="mpp-c", visitors=6)
    return west, east, move(far, "35.10", "Jawa Timur")


def move(hall, code, province):
    Region.objects.filter(pk=hall.mall.region_id).update(code=code, province=province)
    hall.mall = Mall.objects.select_related("region").get(pk=hall.mall.pk)
    return hall


def recapped(now=APRIL_2):
    found = recap.of_country(MARCH, now=now).content
    return editions.Edition(found, 1, "a" * 64)


@pytest.fixture
def malls(monkeypatch):
    monkeypatch.setattr("tests.monitoring.reports.recipes.name_it", lambda hall: None)
    return three_malls()


def send(hall):
    return sent(hall, by=person(Role.MALL_ADMIN, mall=hall.mall))


def test_those_who_reported_are_added_up_and_the_others_named(malls):
    west, east, _far = malls
    for hall in (west, east):
        send(hall)

    found = recapped()

    assert found.content["summary"][0] == "2 dari 3 mal sudah melapor."
    assert found.table("malls").column("visits") == {"mpp-a": 8, "mpp-b": 8}
    assert found.table("provinces").column("visits") == {"Jawa Barat": 16}
    assert found.table("malls").total.cells[0] == 16
    assert [row.names for row in found.table("missing").rows] == [
        ("Mal Pelayanan Publik mpp-c", "Jawa Timur", "belum dibuat")
    ]


def test_a_median_of_the_country_is_that_of_all_people_and_no_mean_of_means(malls):
    for hall in malls:
        send(hall)

    total = recapped().table("malls").total

    lines = figures.of_malls([hall.mall for hall in malls], MARCH)
    merged = figures.together(lines)
    assert total.cells[2] == Decimal("20.5")  # 14 of 22 waited 20 minutes, 8 waited 40
    assert total.cells[0] == merged.tally.counts.visits == 22


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.BUILDING, "sedang disusun"),
        (State.READY, "siap dikirim"),
        (State.RETURNED, "dikembalikan"),
    ],
)
def test_what_has_not_come_is_missing_and_how_far_it_is(malls, state, said):
    standing(malls[0].mall, state)

    assert recapped().table("missing").rows[0].names[2] == said


def test_an_accepted_version_counts_while_the_next_is_made(malls):
    standing(malls[0].mall, State.ACCEPTED)
    standing(malls[0].mall, State.BUILDING, version=2)

    assert list(recapped().table("malls").column("visits")) == ["mpp-a"]


def test_a_mall_whose_days_changed_after_its_report_is_said(malls):
    send(malls[0])
    assert recapped().content["findings"] == []
    Day.objects.filter(mall=malls[0].mall).update(digest="c" * 64)

    [finding] = recapped().content["findings"]

    assert finding["code"] == "changed"
    assert finding["sentence"].startswith("Mal Pelayanan Publik mpp-a")


def test_a_small_mall_is_hidden_and_so_is_its_province(malls):
    for hall in malls:
        send(hall)
    small = counted(slug="mpp-d", visitors=3)
    send(move(small, "53.10", "NTT"))

    found = recapped()

    assert found.table("provinces").cell("NTT", "visits") == "few"
    assert found.table("malls").cell("mpp-d", "visits") == "few"
    hidden = [
        key for key, cell in found.table("provinces").column("visits").items() if cell == "masked"
    ]
    assert len(hidden) == 1  # or the small one could be worked out from the sum


def test_nobody_reported(malls):
    found = recapped()

    assert found.content["summary"] == ["0 dari 3 mal sudah melapor."]
    assert found.table("malls").rows == ()


def test_it_is_built_and_written_like_every_other(malls, judge, sound):
    send(malls[0])
    report = asking.of_country(MARCH, by=judge, now=APRIL_2)

    assert building.build(report.pk, now=APRIL_2)

    edition = editions.of(again(report))
    assert report.kind == Kind.RECAP
    assert sheet.written(edition) == sheet.written(edition)
    assert edition.stem == "Rekap Nasional nasional 2026-03 v1"


def test_its_paper_is_that_of_the_ministry(malls, judge):
    from_one = send(malls[0])
    report = asking.of_country(MARCH, by=judge, now=APRIL_2)
    building.build(report.pk, now=APRIL_2)

    text = papers.text(sheet_of(again(report)))

    assert "Kementerian Pendayagunaan Aparatur Negara" in text
    assert from_one.mall.name in text


def sheet_of(report):
    from_edition = editions.of(report)
    return building.paper.written(from_edition)


def test_as_many_statements_for_three_malls_as_for_one(malls, django_assert_num_queries):
    send(malls[0])
    with django_assert_num_queries(STATEMENTS):
        recapped()
    for hall in malls[1:]:
        send(hall)

    with django_assert_num_queries(STATEMENTS):
        recapped()


STATEMENTS = 5
