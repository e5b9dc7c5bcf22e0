import pytest

from accounts.roles import Role
from core.proof import Scope
from services import checks
from services.models import Fee, Service, Variant
from tests.recipes import make_hall
from tests.services.recipes import WITH_VARIANT, published, writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    hall = make_hall()
    reviewer = writer(hall.presence, Role.MALL_ADMIN)
    published(hall.service, WITH_VARIANT, by=writer(hall.presence), reviewer=reviewer)
    return hall.service


def wrong(mall_id=None):
    return [breach.what for breach in checks.shown(Scope(mall_id)).breaches]


def test_a_service_that_shows_its_standard_is_sound(service):
    assert checks.shown(Scope()) == (1, [])


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda pk: Service.objects.filter(pk=pk).update(product="Lain"), "product"),
        (lambda pk: Service.objects.filter(pk=pk).update(requirements=[]), "requirements"),
        (lambda pk: Fee.objects.filter(service=pk, variant=None).delete(), "fees"),
        (lambda pk: Variant.objects.filter(service=pk).delete(), "variants"),
    ],
)
def test_a_service_that_shows_something_else_is_seen(service, change, found):
    change(service.pk)

    assert wrong() == [f"shows another {found}"]
    assert wrong(make_hall(slug="mpp-jauh").mall.pk) == []
