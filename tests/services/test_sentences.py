import pytest

from services.models import Fee
from services.sentences import fee


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ([], "Belum dicantumkan"),
        ([None], "Tergantung kasus"),
        ([0], "Gratis"),
        ([0, 0], "Gratis"),
        ([0, None], "Gratis atau tergantung kasus"),
        ([350_000], "Rp350.000"),
        ([650_000, 350_000], "Rp350.000–Rp650.000"),
        ([0, 50_000], "Gratis–Rp50.000"),
        ([75_000, None], "Mulai Rp75.000"),
    ],
)
def test_a_tariff_is_said_in_one_line(amounts, said):
    assert fee(Fee(amount=amount) for amount in amounts) == said
