import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.onboarding.path.recipes import coach, somebody
from tests.recipes import make_hall, make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


def test_whoever_has_one_mall_is_led_to_its_first_page(client, hall):
    client.force_login(somebody(mall=hall.mall))

    answer = client.get(reverse("onboarding"), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("readiness", args=[hall.mall.slug])


def test_an_agency_is_led_to_its_own_first_page(client, hall):
    client.force_login(make_officer(hall.presence, Role.AGENCY_ADMIN))

    answer = client.get(reverse("onboarding"), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("mall_agencies", args=[hall.mall.slug])


@pytest.mark.parametrize("more", [1, 3])
def test_all_malls_are_listed_in_a_few_queries(client, hall, django_assert_max_num_queries, more):
    for number in range(more):
        make_hall(slug=f"mpp-{number}")
    client.force_login(coach())

    with django_assert_max_num_queries(14):
        answer = client.get(reverse("onboarding"))

    assert answer.content.decode().count("/petugas/penyiapan/mpp-") == more + 1


def test_malls_are_found_by_name_or_that_is_said(client, hall):
    make_hall(slug="mpp-lain")
    client.force_login(coach())

    found = client.get(reverse("onboarding"), {"q": "mpp-lain"}).content.decode()
    none = client.get(reverse("onboarding"), {"q": "tidak ada"}).content.decode()

    assert found.count("/petugas/penyiapan/mpp-") == 1
    assert "Tidak ada mal dengan nama itu" in none


def test_officers_and_other_malls_have_nothing_here(client, hall):
    other = make_hall(slug="mpp-lain")
    client.force_login(hall.officer)
    assert client.get(reverse("onboarding")).status_code == 404

    client.force_login(somebody(mall=other.mall))
    assert client.get(reverse("onboarding_mall", args=[hall.mall.slug])).status_code == 404
