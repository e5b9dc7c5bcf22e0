from datetime import date

import pytest
from django.core.management import call_command

from agencies import holidays
from agencies.models import Holiday

pytestmark = pytest.mark.django_db


def test_the_year_2026_has_the_decreed_days():
    call_command("load_holidays", "2026", verbosity=0)

    assert Holiday.objects.filter(is_joint_leave=False).count() == 17
    assert Holiday.objects.filter(is_joint_leave=True).count() == 8
    assert not Holiday.objects.filter(name__contains="perkiraan").exists()


def test_a_second_proposal_changes_nothing_an_admin_has_entered():
    Holiday.objects.create(day=date(2026, 8, 17), name="Hari Kemerdekaan", is_joint_leave=False)
    holidays.propose(2026)

    assert holidays.propose(2026) == 0
    assert Holiday.objects.get(day=date(2026, 8, 17)).name == "Hari Kemerdekaan"
