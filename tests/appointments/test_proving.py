"""A draw can be proven by anybody, and one that was forged cannot."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from appointments import draws
from appointments.models import Draw
from appointments.states import Mode
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from tests.appointments.recipes import at, enter, make_plan
from tests.recipes import MONDAY, make_hall

NEXT = MONDAY + timedelta(days=14)  # collected from this morning at eight for a day and a night
CLOSED = at(8, on=MONDAY + timedelta(days=1))


@pytest.fixture
def service(db):
    hall = make_hall()
    make_plan(hall.service, online=1, mode=Mode.DRAW)
    yield hall.service
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []


@pytest.fixture
def drawn(service):
    for number in range(1, 6):
        enter(service, on=NEXT, number=number)
    draws.work(now=CLOSED)
    return Draw.objects.get(date=NEXT)


def test_a_draw_is_verified_from_the_database_and_from_its_file(drawn, capsys, tmp_path):
    file = tmp_path / "undian.json"
    file.write_text(json.dumps(draws.protocol(drawn)))

    call_command("verify_draw")
    call_command("verify_draw", drawn.pk)
    call_command("verify_draw", file=[file])

    assert (
        capsys.readouterr().out.splitlines()
        == [f"Undian {drawn.pk}, {NEXT}: 5 permohonan, 3 mendapat tempat: sesuai"] * 3
    )


def another_seed(found):
    found["seed"] = "0" * 64


def another_winner(found):
    found["outcomes"][0][0], found["outcomes"][4][0] = (
        found["outcomes"][4][0],
        found["outcomes"][0][0],
    )


def one_more(found):
    found["entries"].append([6, False, found["entries"][0][2]])


def a_priority_made_up(found):
    found["entries"][0][1] = True


@pytest.mark.parametrize("forge", [another_seed, another_winner, one_more, a_priority_made_up])
def test_a_forged_draw_is_found(drawn, tmp_path, capsys, forge):
    found = draws.protocol(drawn)
    forge(found)
    file = tmp_path / "undian.json"
    file.write_text(json.dumps(found))

    with pytest.raises(CommandError, match="1 undian tidak sesuai"):
        call_command("verify_draw", file=[file])


def test_a_draw_made_up_as_a_whole_has_another_seal(drawn, capsys):
    call_command("verify_draw", drawn.pk, commitment=drawn.commitment)

    with pytest.raises(CommandError, match="1 undian tidak sesuai"):
        call_command("verify_draw", drawn.pk, commitment="0" * 64)
    assert "segelnya bukan yang diumumkan" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"entries": 1}'])
def test_a_file_that_is_no_draw_is_said_so(tmp_path, text):
    file = tmp_path / "undian.json"
    file.write_text(text)

    with pytest.raises(CommandError, match="bukan berkas undian"):
        call_command("verify_draw", file=[file])


def test_a_draw_that_is_not_there_is_said_so(db):
    with pytest.raises(CommandError, match="belum diundi: 77"):
        call_command("verify_draw", 77)
