"""Who sees how satisfied people are, of what, and who may read what they wrote."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from core import vault
from feedback.models import Opinion
from feedback.questions import Element, HalfDay
from feedback.sealing import OPINION
from feedback.surveys import mark_of
from tests.feedback.conftest import appoint
from tests.recipes import MONDAY, at, make_hall, make_officer, make_presence, make_queue
from tests.recipes import make_service as service_of

pytestmark = pytest.mark.django_db
PAGE = reverse("staff_satisfaction")


@pytest.fixture
def read(client):
    def get(user, query=""):
        client.force_login(user)
        with time_machine.travel(at(15), tick=False):
            return client.get(PAGE + query)

    return get


def opine(hall, *values, service=None, days_ago=0, text=""):
    """One opinion for each value, all nine answered alike."""
    for value in values:
        wanted = service or hall.service
        baker.make(
            Opinion,
            mall=hall.mall,
            presence=wanted.presence,
            service=wanted,
            date=MONDAY - timedelta(days=days_ago),
            half_day=HalfDay.MORNING,
            mark=mark_of(str(Opinion.objects.count())),
            sealed_text=vault.seal(text, column=OPINION),
            **dict.fromkeys((each.field for each in Element), value),
        )


def another_agency(hall, letter="B"):
    return service_of(make_queue(make_presence(hall.mall, "Dinas lain"), letter))


def test_the_index_with_its_band_its_elements_and_how_many(hall, admin, read):
    opine(hall, 4, 4, 3, 3, 3)

    html = read(admin).content.decode()

    assert "85,00" in html
    assert "Sangat baik" not in html
    assert html.count("<progress") == 9
    assert '<progress max="4" value="3.40"' in html
    assert html.index("8. Penanganan pengaduan") < html.index("9. Sarana dan prasarana")


def test_of_four_answers_nothing_is_shown(hall, admin, read):
    opine(hall, 4, 4, 4, 4)

    html = read(admin).content.decode()

    assert "Belum cukup jawaban" in html
    assert "100,00" not in html
    assert "<progress" not in html


def test_the_whole_is_that_of_all_answers_and_not_the_mean_of_agencies(hall, admin, read):
    other = another_agency(hall)
    opine(hall, *[4] * 15)
    opine(hall, *[2] * 5, service=other)

    page = read(admin)

    values = {str(row.subject.board_name): str(row.index.value) for row in page.context["rows"]}
    assert values == {"Dinas Uji": "100.00", "Dinas lain": "50.00"}
    assert str(page.context["index"].value) == "87.50"


@pytest.mark.parametrize(("query", "count"), [("", 5), ("?hari=90", 6), ("?hari=7", 5)])
def test_the_last_days(hall, admin, read, query, count):
    opine(hall, 3, 3, 3, 3)
    opine(hall, 3, days_ago=29)
    opine(hall, 3, days_ago=30)

    assert read(admin, query).context["index"].respondents == count


def test_an_agency_sees_its_own_only(hall, supervisor, read):
    other = another_agency(hall)
    opine(hall, *[4] * 5, text="Milik kami")
    opine(hall, *[1] * 5, service=other, text="Milik mereka")

    page = read(supervisor, f"?instansi={other.presence_id}")

    assert str(page.context["index"].value) == "100.00"
    html = page.content.decode()
    assert "Milik kami" in html
    assert "Milik mereka" not in html
    assert "Dinas lain" not in html


def test_the_house_reads_what_was_written_the_newest_first(hall, admin, read):
    opine(hall, 3, text="Yang lama", days_ago=3)
    opine(hall, 3, text="Yang baru")

    html = read(admin).content.decode()

    assert html.index("Yang baru") < html.index("Yang lama")


def test_the_nation_sees_figures_and_no_word(hall, ministry, read):
    opine(hall, *[3] * 5, text="Pak Budi di loket 3 baik")

    for user in (ministry, appoint(Role.OPERATOR)):
        page = read(user, f"?mal={hall.mall.slug}")
        html = page.content.decode()
        assert "75,00" in html
        assert "Pak Budi" not in html
        assert "Saran dan cerita" not in html


def test_the_nation_chooses_a_mall(hall, ministry, read):
    other = make_hall(slug="mpp-lain")
    opine(hall, *[3] * 5)
    opine(other, 4, 4)

    page = read(ministry)

    rows = {row.subject.slug: row.index for row in page.context["rows"]}
    assert (rows["mpp-uji"].respondents, rows["mpp-lain"]) == (5, None)
    assert f"?mal={other.mall.slug}" in page.content.decode()


def test_one_person_of_both_reads_what_is_theirs(hall, ministry, read):
    other = make_hall(slug="mpp-lain")
    baker.make("agencies.Assignment", user=ministry, role=Role.MALL_ADMIN, mall=hall.mall)
    opine(hall, 3, text="Di mal sendiri")
    opine(other, 3, text="Di mal lain")

    assert "Di mal sendiri" in read(ministry, f"?mal={hall.mall.slug}").content.decode()
    assert "Di mal lain" not in read(ministry, f"?mal={other.mall.slug}").content.decode()


def test_another_mall_is_not_there(hall, admin, read):
    other = make_hall(slug="mpp-lain")

    assert read(admin, f"?mal={other.mall.slug}").status_code == 404


def test_who_has_no_assignment_sees_nothing(read, django_user_model):
    assert read(django_user_model.objects.create_user("tamu")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many_agencies(
    hall, admin, read, client, count, django_assert_num_queries
):
    for number in range(count):
        opine(hall, *[3] * 5, service=another_agency(hall, "BCD"[number]), text="Baik")
    read(admin)

    with django_assert_num_queries(10), time_machine.travel(at(15), tick=False):
        client.get(PAGE)


def test_an_officer_of_the_agency_reads_too(hall, read):
    opine(hall, 3, text="Cepat")

    assert "Cepat" in read(make_officer(hall.presence)).content.decode()
