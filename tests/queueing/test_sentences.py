import pytest

from queueing import figures, sentences, tickets
from queueing.models import Ticket, TicketEvent
from queueing.moves import Booked
from queueing.states import Priority, Reason, Rule, State
from tests.recipes import at, key, make_hall, make_queue, make_service


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (
            TicketEvent(rule=Rule.FIRST, passed=0),
            "Dipanggil sesuai urutan kedatangan; tidak ada yang dilewati.",
        ),
        (
            TicketEvent(rule=Rule.PRIORITY_TURN, ratio=3, passed=2),
            "Dipanggil karena giliran jalur prioritas: 3 prioritas, lalu satu reguler."
            " 2 orang yang datang lebih awal dilewati.",
        ),
        (
            TicketEvent(rule=Rule.REGULAR_TURN, passed=1),
            "Dipanggil karena giliran jalur reguler. 1 orang yang datang lebih awal dilewati.",
        ),
        (
            TicketEvent(rule=Rule.COUNTER_ORDER, passed=0),
            "Dipanggil menurut urutan antrean loket ini. Tidak ada yang dilewati.",
        ),
        (
            TicketEvent(rule=Rule.OUT_OF_ORDER, reason=Reason.URGENT_HEALTH, passed=4),
            "Dipanggil di luar urutan. Alasan: Keadaan kesehatan mendesak."
            " 4 orang yang datang lebih awal dilewati.",
        ),
        (
            TicketEvent(rule=Rule.OUT_OF_ORDER, passed=None),
            "Dipanggil di luar urutan. Alasan: -. Tidak ada yang dilewati.",
        ),
    ],
)
def test_a_call_explains_itself(event, sentence):
    assert sentences.fairness(event) == sentence


@pytest.mark.parametrize(
    ("numbers", "either", "said"),
    [
        ((), False, ""),
        (("3",), False, "loket 3"),
        (("3", "4"), False, "loket 3 dan 4"),
        (("3", "4"), True, "loket 3 atau 4"),
        (("3", "4", "12A"), True, "loket 3, 4, atau 12A"),
    ],
)
def test_counters_are_named_in_a_row(numbers, either, said):
    assert sentences.counters(numbers, either=either) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "Anda berikutnya"), (1, "1 orang di depan Anda"), (14, "14 orang di depan Anda")],
)
def test_the_place_in_line_counts_the_people_in_front(count, said):
    assert sentences.ahead(count) == said


def test_being_overtaken_is_said_with_its_cause():
    assert (
        sentences.overtaken(0) == "Tidak ada yang datang setelah Anda dan dipanggil lebih dahulu."
    )
    assert sentences.overtaken(2).startswith("2 orang yang datang setelah Anda dipanggil")


@pytest.fixture
def hall():
    return make_hall()


def told(pk):
    mine = Ticket.objects.with_names().select_related("came_from__day__queue").get(pk=pk)
    return sentences.told(mine, State(mine.state))


def called(hall):
    hall.issue()
    return hall.call(now=at(9, 5))


@pytest.mark.django_db
def test_somebody_being_served_is_told_where_and_since_when(hall):
    pk = called(hall)
    hall.act(tickets.serve, pk, now=at(9, 6))

    assert told(pk).title == "Anda sedang dilayani di loket 1"
    assert "Sejak pukul 09.06 WIB." in told(pk).text


@pytest.mark.django_db
def test_somebody_on_hold_is_told_not_to_queue_again(hall):
    pk = called(hall)
    hall.act(tickets.serve, pk)
    hall.act(tickets.hold, pk)

    assert told(pk).title == "Layanan Anda ditunda sebentar"
    assert "loket 1" in told(pk).text


@pytest.mark.django_db
def test_somebody_skipped_may_come_back_once(hall):
    pk = called(hall)
    hall.act(tickets.skip, pk)

    assert told(pk).title == "Nomor Anda sudah dipanggil ke loket 1"
    assert told(pk).text == (
        "Dipanggil pukul 09.05 WIB, tetapi Anda belum datang."
        " Anda boleh kembali mengantre satu kali, di belakang paling banyak 3 orang di jalur Anda."
    )


@pytest.mark.django_db
def test_somebody_skipped_twice_needs_a_new_number(hall):
    pk = called(hall)
    hall.act(tickets.skip, pk)
    tickets.return_to_line(pk, now=at(9, 10), key=key())
    hall.call(now=at(9, 20))
    hall.act(tickets.skip, pk, now=at(9, 25))

    assert told(pk).text == (
        "Dipanggil pukul 09.20 WIB, tetapi Anda belum datang."
        " Nomor ini sudah pernah kembali. Silakan ambil nomor baru di mesin antrean."
    )
    assert sentences.may_return(Ticket.objects.get(pk=pk)) is False


@pytest.mark.django_db
def test_a_finished_ticket_says_thanks_and_how_long_it_took(hall):
    pk = hall.issue(now=at(9))
    hall.call(now=at(9, 12))
    hall.act(tickets.serve, pk, now=at(9, 13))
    hall.act(tickets.finish, pk, now=at(9, 21))

    assert told(pk) == (
        "Selesai, terima kasih",
        "Selesai pukul 09.21 WIB. Anda menunggu 12 menit dan dilayani 8 menit.",
    )


@pytest.mark.django_db
def test_a_cancelled_ticket_says_when(hall):
    pk = hall.issue()
    tickets.cancel(pk, now=at(9, 30), key=key())

    assert told(pk).title == "Antrean ini dibatalkan"
    assert told(pk).text.startswith("Dibatalkan pukul 09.30 WIB.")


@pytest.mark.django_db
def test_an_expired_ticket_names_its_day(hall):
    mine = Ticket.objects.with_names().get(pk=hall.issue())

    assert sentences.told(mine, State.EXPIRED).text == (
        "Nomor ini hanya untuk Senin, 9 Maret 2026. Silakan ambil nomor baru di mesin antrean."
    )


@pytest.mark.django_db
def test_a_transfer_names_the_old_number_and_counts_the_wait(hall):
    other = make_service(make_queue(hall.presence, "B"))
    pk = called(hall)
    hall.act(tickets.serve, pk)
    new = hall.act(tickets.transfer, pk, service_id=other.pk)
    mine = Ticket.objects.select_related("came_from__day__queue").get(pk=new)

    assert told(pk).title == "Anda dialihkan ke antrean lain"
    assert sentences.moved(mine) == (
        "Dialihkan dari nomor A-001. Waktu tunggu Anda sebelumnya ikut dihitung untuk urutan ini."
    )
    assert sentences.moved(Ticket.objects.get(pk=pk)) == ""


@pytest.mark.django_db
def test_a_real_call_in_turn_of_priority_says_whom_it_passed(hall):
    hall.issue(now=at(9))
    old = hall.issue(now=at(9, 1), priority=Priority.ELDERLY)
    called = hall.call(now=at(9, 5))
    proof = figures.proof_of(Ticket.objects.get(pk=called))

    assert called == old
    assert sentences.fairness(proof) == (
        "Dipanggil karena giliran jalur prioritas: 2 prioritas, lalu satu reguler."
        " 1 orang yang datang lebih awal dilewati."
    )


def reserved(hall, *, place, now):
    """A number taken by somebody who had reserved nine o'clock."""
    pk = tickets.issue(
        hall.service.pk,
        priority=Priority.NONE,
        now=now,
        key=key(),
        booked=Booked(at(9), place),
    )
    return Ticket.objects.with_names().get(pk=pk)


@pytest.mark.django_db
@pytest.mark.parametrize("now", [at(8, 40), at(9), at(9, 10)])
def test_a_reservation_counts_since_the_time_that_was_reserved(hall, now):
    assert sentences.booked(reserved(hall, place=at(9), now=now)) == (
        "Anda memesan pukul 09.00 WIB; tempat Anda dihitung sejak waktu itu."
    )


@pytest.mark.django_db
def test_whoever_came_late_is_told_since_when_their_place_counts(hall):
    assert sentences.booked(reserved(hall, place=at(9, 25), now=at(9, 25))) == (
        "Anda memesan pukul 09.00 WIB dan datang pukul 09.25 WIB, maka tempat Anda dihitung sejak"
        " Anda datang."
    )


@pytest.mark.django_db
def test_of_a_number_that_was_not_reserved_nothing_is_said(hall):
    assert sentences.booked(Ticket.objects.with_names().get(pk=hall.issue())) == ""


@pytest.mark.django_db
def test_a_reservation_that_was_skipped_and_came_back_counts_no_more(hall):
    mine = reserved(hall, place=at(9), now=at(8, 50))
    hall.call(now=at(9, 5))
    hall.act(tickets.skip, mine.pk, now=at(9, 7))
    tickets.return_to_line(mine.pk, now=at(9, 10), key=key())

    assert sentences.booked(Ticket.objects.with_names().get(pk=mine.pk)) == ""


@pytest.mark.django_db
def test_the_call_of_a_reservation_says_first_what_it_counts_for(hall):
    hall.issue(now=at(9, 2))
    mine = reserved(hall, place=at(9), now=at(9, 4))
    assert hall.call(now=at(9, 5)) == mine.pk

    assert sentences.fairness(figures.proof_of(mine), mine) == (
        "Anda memesan pukul 09.00 WIB; tempat Anda dihitung sejak waktu itu."
        " Dipanggil sesuai urutan kedatangan; tidak ada yang dilewati."
    )
