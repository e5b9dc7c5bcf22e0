"""On a made-up office the forecasts beat the usual formula and come near to perfect knowledge.

The dice are seeded: it is one exact computation, not a measurement.
"""

from bench import offices


def test_the_forecasts_of_a_busy_office_are_worth_showing():
    found = offices.score("busy", 3, learn=20, test=6, every=6, seed=1)

    assert found["asked"] > 80
    assert found["ours"] / found["usual"] < 0.7
    assert found["ours"] / found["oracle"] < 1.1
    assert 0.7 <= found["covered"] <= 0.9
