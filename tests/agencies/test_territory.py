import re

import pytest
from django.core.management import call_command

from agencies import territory
from agencies.models import Region, Zone

# The thousand islands off Jakarta are too small for the outlines; their point lies at sea.
AT_SEA = {"31.01"}
WIDTH, HEIGHT = (int(part) for part in territory.VIEW_BOX.split()[2:])


def rings(path):
    """The points of each ring; a ring is `M` with a place and `l` with steps, closed by `z`."""
    found = []
    for ring in path.split("z")[:-1]:
        numbers = [float(number) for number in re.findall(r"-?(?:\d+(?:\.\d)?|\.\d)", ring)]
        x, y = numbers[:2]
        found.append([(x, y)])
        for step in range(2, len(numbers), 2):
            x, y = x + numbers[step], y + numbers[step + 1]
            found[-1].append((x, y))
    return found


def is_inside(point, land):
    """Even and odd: how often a line to the right crosses the shore."""
    x, y = point
    inside = False
    for ring in land:
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                inside = not inside
    return inside


def is_on_land(point, land):
    x, y = point
    near = [(x + dx, y + dy) for dx in (0, -0.8, 0.8) for dy in (0, -0.8, 0.8)]
    shore = (abs(x - ax) < 1.5 and abs(y - ay) < 1.5 for ring in land for ax, ay in ring)
    return any(is_inside(one, land) for one in near) or any(shore)


LAND = {outline.province: rings(outline.path) for outline in territory.outlines()}


def test_there_are_38_provinces_and_514_regencies_and_cities():
    names = [regency.name for regency in territory.regencies()]

    assert len({province.code for province in territory.provinces()}) == 38
    assert len({province.name for province in territory.provinces()}) == 38
    assert len({regency.code for regency in territory.regencies()}) == 514
    assert len(set(names)) == 514
    assert sum(name.startswith("Kabupaten ") for name in names) == 416
    assert sum(name.startswith("Kota ") for name in names) == 98


def test_lists_are_in_the_order_of_their_codes():
    codes = [regency.code for regency in territory.regencies()]

    assert codes == sorted(codes)
    assert all(re.fullmatch(r"\d\d\.\d\d", code) for code in codes)
    assert [province.code for province in territory.provinces()] == sorted(LAND)


def test_every_regency_belongs_to_the_province_its_code_begins_with():
    found = {regency.province.code for regency in territory.regencies()}

    assert found == {province.code for province in territory.provinces()}
    assert all(one.code[:2] == one.province.code for one in territory.regencies())


def test_a_code_of_a_regency_or_of_a_province_leads_to_the_province():
    assert territory.province_of("32.16").name == "Jawa Barat"
    assert territory.province_of("95") == territory.province_of("95.01")
    assert territory.province_of("95").name == "Papua Pegunungan"


def test_a_code_of_no_province_is_an_error():
    with pytest.raises(KeyError):
        territory.province_of("99.01")


@pytest.mark.parametrize(
    ("zone", "codes"),
    [
        (Zone.WIB, [*range(11, 20), 21, *range(31, 37)]),
        (Zone.WIB_PONTIANAK, [61, 62]),
        (Zone.WITA, [51, 52, 53, 63, 64, 65, *range(71, 77)]),
        (Zone.WIT, [81, 82, *range(91, 97)]),
    ],
)
def test_every_province_has_the_zone_of_its_island(zone, codes):
    found = [int(province.code) for province in territory.provinces() if province.zone == zone]

    assert found == codes


def test_every_province_has_land_within_the_view_box():
    corners = [point for land in LAND.values() for ring in land for point in ring]

    assert len(LAND) == 38
    assert all(len(ring) >= 3 for land in LAND.values() for ring in land)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in corners)


def test_the_map_fills_its_view_box_and_stays_light():
    corners = [point for land in LAND.values() for ring in land for point in ring]
    xs, ys = zip(*corners, strict=True)

    assert (min(xs) < 20, max(xs) > WIDTH - 20) == (True, True)
    assert (min(ys) < 20, max(ys) > HEIGHT - 20) == (True, True)
    assert sum(len(outline.path) for outline in territory.outlines()) < 60_000


def test_every_seat_lies_in_its_own_province():
    lost = [
        regency.code
        for regency in territory.regencies()
        if not is_on_land(territory.point_of(regency.code), LAND[regency.province.code])
    ]

    assert set(lost) == AT_SEA


def test_seats_at_sea_lie_close_to_their_province():
    for code in AT_SEA:
        x, y = territory.point_of(code)
        shore = [point for ring in LAND[code[:2]] for point in ring]

        assert min(abs(x - ax) + abs(y - ay) for ax, ay in shore) < 15


def test_a_seat_in_one_province_lies_in_no_other_far_from_a_border():
    inland = {"32.04": "32", "62.71": "62", "95.01": "95", "65.02": "65", "94.05": "94"}

    for code, home in inland.items():
        point = territory.point_of(code)
        assert [one for one, land in LAND.items() if is_inside(point, land)] == [home]


def test_places_lie_as_the_compass_says():
    sabang, merauke = territory.point_of("11.72"), territory.point_of("93.01")
    talaud, rote = territory.point_of("71.04"), territory.point_of("53.14")

    assert sabang[0] < 30
    assert merauke[0] > WIDTH - 50
    assert talaud[1] < 80
    assert rote[1] > HEIGHT - 30


def test_a_code_that_is_not_in_the_list_has_no_point():
    assert territory.point_of("99.99") is None


@pytest.mark.django_db
def test_loading_brings_all_regions_with_province_and_zone():
    assert territory.load() == 514

    assert Region.objects.count() == 514
    rows = Region.objects.filter(code__in=["32.16", "61.71", "96.71"]).values_list(
        "code", "name", "province", "zone"
    )
    assert list(rows) == [
        ("32.16", "Kabupaten Bekasi", "Jawa Barat", "Asia/Jakarta"),
        ("61.71", "Kota Pontianak", "Kalimantan Barat", "Asia/Pontianak"),
        ("96.71", "Kota Sorong", "Papua Barat Daya", "Asia/Jayapura"),
    ]


@pytest.mark.django_db
def test_a_second_loading_writes_nothing(django_assert_num_queries):
    territory.load()
    before = list(Region.objects.order_by("pk").values_list())

    with django_assert_num_queries(1):
        assert territory.load() == 0

    assert list(Region.objects.order_by("pk").values_list()) == before


@pytest.mark.django_db
def test_a_region_made_by_hand_keeps_its_key_and_takes_the_official_name():
    mine = Region.objects.create(code="53.01", name="Kupang", province="NTT", zone=Zone.WIB)

    assert territory.load() == 514

    now = Region.objects.get(code="53.01")
    assert now.pk == mine.pk
    assert (now.name, now.province) == ("Kabupaten Kupang", "Nusa Tenggara Timur")
    assert now.zone == Zone.WITA


@pytest.mark.django_db
def test_only_what_differs_is_counted_and_written():
    territory.load()
    Region.objects.filter(code="32.16").update(name="Bekasi")
    Region.objects.filter(code__startswith="94.").update(zone=Zone.WIB)

    assert territory.load() == 9
    assert Region.objects.get(code="32.16").name == "Kabupaten Bekasi"


@pytest.mark.django_db
def test_a_region_of_no_list_stays():
    Region.objects.create(code="99.01", name="Kabupaten Lama", province="Lama")

    territory.load()

    assert Region.objects.count() == 515
    assert Region.objects.get(code="99.01").name == "Kabupaten Lama"


@pytest.mark.django_db
def test_the_command_says_how_many_rows_it_changed(capsys):
    call_command("load_regions")
    call_command("load_regions")

    assert capsys.readouterr().out.splitlines() == [
        "514 wilayah: 514 baru atau diubah",
        "514 wilayah: 0 baru atau diubah",
    ]
