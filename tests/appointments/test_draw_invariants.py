"""A draw that was forged in the database is found."""

from datetime import timedelta
from itertools import count

import pytest

from appointments import drawing, draws
from appointments.application_states import Move, State
from appointments.models import Application, Draw
from appointments.states import Mode
from tests.appointments.forging import another_digest, broken, wrote
from tests.appointments.recipes import at, enter, make_plan
from tests.recipes import MONDAY, make_hall

pytestmark = pytest.mark.django_db
DRAWN = MONDAY + timedelta(days=14)
CLOSED = at(8, on=MONDAY + timedelta(days=1))


@pytest.fixture
def drawn():
    """Five people for three places of another hall, drawn and handed out."""
    hall = make_hall(slug="mpp-undi")
    make_plan(hall.service, online=1, mode=Mode.DRAW)
    for number in range(11, 16):
        enter(hall.service, on=DRAWN, number=number)
    draws.work(now=CLOSED)
    return Draw.objects.get(service=hall.service, date=DRAWN)


def in_draw(rank):
    return Application.objects.filter(rank=rank)


def another_seed(draw):
    draw.seed = "0" * 64
    draw.save()


def another_seed_sealed_to_match(draw):
    """Chosen afterwards, with a commitment of its own: it gives another order."""
    entries = [draws.entry_of(row) for row in draw.applications.all()]
    first = in_draw(1).get().number
    seeds = (f"{number:064}" for number in count())
    draw.seed = next(s for s in seeds if drawing.order(s, entries)[0].number != first)
    draw.commitment = drawing.commitment(draw.seed)
    draw.save()


def another_commitment(draw):
    draw.commitment = "0" * 64
    draw.save()


def more_places(draw):
    begins, priority, online = draw.places[0]
    draw.places = [[begins, priority, online + 1], *draw.places[1:]]
    draw.save()


def another_winner(draw):
    """The first and the last of the order change places."""
    in_draw(1).update(rank=99)
    in_draw(5).update(rank=1)
    in_draw(99).update(rank=5)


def a_place_for_a_loser(draw):
    in_draw(5).update(won=draw.places[0][0], won_share=1)


def no_place_for_a_winner(draw):
    in_draw(1).update(won=None, won_share=None)


def another_window(draw):
    """Those who were drawn first and second change places."""
    in_draw(1).update(won=draw.places[1][0])


def other_wishes(draw):
    in_draw(5).update(wishes=[draw.places[0][0]])


def a_priority_made_up(draw):
    in_draw(5).update(priority=1)


def somebody_left_out(draw):
    in_draw(5).update(rank=None)


def somebody_let_in(draw):
    row = in_draw(5).get()
    row.pk, row.number, row.rank = None, 6, 6
    row.token_hash, row.phone_place, row.state = "another", 2, State.APPLIED
    row.save(force_insert=True)
    wrote(row, Move.APPLY, None, State.APPLIED)


@pytest.mark.parametrize(
    "forge",
    [
        another_seed,
        another_seed_sealed_to_match,
        another_commitment,
        another_digest,
        more_places,
        another_winner,
        a_place_for_a_loser,
        no_place_for_a_winner,
        another_window,
        other_wishes,
        a_priority_made_up,
        somebody_left_out,
        somebody_let_in,
    ],
)
def test_a_forged_draw_is_found(drawn, forge):
    forge(drawn)

    assert broken() == {"I23"}
