"""The table of moves itself."""

from queueing.states import AT_COUNTER, BEGINS, ENDED, MOVES, OPEN, Move, State


def test_every_move_but_the_issue_is_in_the_table():
    assert set(MOVES) == set(Move) - {Move.ISSUE}


def test_nothing_moves_after_its_end():
    assert not any(step.origins & ENDED for step in MOVES.values())


def test_the_states_are_open_or_ended():
    assert frozenset(State) == OPEN | ENDED
    assert not OPEN & ENDED
    assert AT_COUNTER < OPEN


def test_every_state_is_reached_and_every_open_one_left():
    reached = BEGINS | {step.target for step in MOVES.values()}
    left = frozenset().union(*(step.origins for step in MOVES.values()))

    assert (reached, left) == (set(State), OPEN)


def test_the_table_is_the_promise():
    arrows = {
        (origin.name, move.name, step.target.name)
        for move, step in MOVES.items()
        for origin in step.origins
    }
    assert arrows == {
        ("WAITING", "CALL", "CALLED"),
        ("WAITING", "CANCEL", "CANCELLED"),
        ("WAITING", "EXPIRE", "EXPIRED"),
        ("CALLED", "RECALL", "CALLED"),
        ("CALLED", "UNDO", "WAITING"),
        ("CALLED", "SERVE", "SERVING"),
        ("CALLED", "SKIP", "NO_SHOW"),
        ("SERVING", "HOLD", "HOLD"),
        ("SERVING", "FINISH", "DONE"),
        ("SERVING", "TRANSFER", "TRANSFERRED"),
        ("HOLD", "RESUME", "CALLED"),
        ("HOLD", "EXPIRE", "EXPIRED"),
        ("NO_SHOW", "RETURN", "WAITING"),
        ("NO_SHOW", "EXPIRE", "EXPIRED"),
        ("PRINTING", "CONFIRM", "WAITING"),
        ("PRINTING", "WITHDRAW", "WITHDRAWN"),
    }
