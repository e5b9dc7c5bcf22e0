"""Messages that reached nobody: by their reasons, and tried again as long as that helps."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from hall.models import HallEvent
from notifications import dead, outbox, watch
from notifications.models import Message
from notifications.states import Channel, State
from tests.hall.conftest import appoint
from tests.notifications.posts import (
    FINE,
    NEVER,
    contact_of,
    plug_in,
    sends_through,
    tell,
    work,
)
from tests.recipes import at, make_hall, make_officer

pytestmark = pytest.mark.django_db
TEXT, EMAIL, PUSH = Channel.TEXT, Channel.EMAIL, Channel.PUSH


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def staff(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def mall(hall):
    sends_through(hall.mall, TEXT, EMAIL)
    return hall.mall


def address(mall, name="messages_dead", *rest):
    return reverse(name, args=[mall.slug, *rest])


def died(mall, *, reason="saldo habis", channel=TEXT, late=False, ended=None, **more):
    """One more message that is dead."""
    contact = contact_of(mall, channel)
    tell(contact, event=f"ticket-event:{contact.pk}:1")
    row = Message.objects.get(contact=contact, channel=channel)
    over = {"not_after": at(8) if late else at(12), "ended_at": ended or at(9), **more}
    Message.objects.filter(pk=row.pk).update(state=State.DEAD, reason=reason, **over)
    return row


def elsewhere():
    other = make_hall(slug="mpp-lain").mall
    sends_through(other, TEXT)
    return other


def seen(page):
    return [
        (each.reason, each.tally.dead, each.tally.late, len(each.lines))
        for each in page.context["groups"]
    ]


def retry_all(client, mall, row):
    return client.post(address(mall, "messages_retry"), {"seperti": row.pk}, follow=True)


def test_what_died_stands_under_its_reason_the_most_frequent_first(staff, mall):
    died(mall, reason="nomor salah", late=True)
    for _each in range(2):
        died(mall)
    died(mall, channel=EMAIL)
    died(elsewhere())

    page = staff.get(address(mall))

    assert seen(page) == [
        ("saldo habis", 2, 0, 2),
        ("nomor salah", 1, 1, 1),
        ("saldo habis", 1, 0, 1),
    ]
    assert "Sudah terlambat" in page.text


def test_the_page_of_a_mall_where_everything_arrived_says_so(staff, mall):
    assert "Semua pesan sampai di penyedia" in staff.get(address(mall)).text


def test_one_is_tried_again_and_arrives(staff, mall, monkeypatch):
    line = plug_in(monkeypatch, answer=NEVER)
    tell(contact_of(mall, TEXT), "booking_confirmed")
    work(now=at(9))
    row = Message.objects.get(channel=TEXT)
    assert row.state == State.DEAD

    answer = staff.post(address(mall, "message_retry", row.pk), {"dari": "gagal"}, follow=True)
    line.answer = FINE
    work(now=at(9))

    assert "Pesan dicoba lagi." in answer.text
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.SENT, 1)
    assert HallEvent.objects.filter(act="message.retried", subject_id=row.pk).count() == 1


def test_from_its_own_page_it_leads_back_there(staff, mall):
    row = died(mall)
    place = address(mall, "message", row.pk)
    assert "Coba lagi" in staff.get(place).text

    assert staff.post(address(mall, "message_retry", row.pk)).url == place


def test_what_is_too_late_is_not_tried_again(staff, mall):
    row = died(mall, late=True)
    assert "Coba lagi" not in staff.get(address(mall, "message", row.pk)).text

    answer = staff.post(address(mall, "message_retry", row.pk), follow=True)

    assert "waktunya sudah lewat" in answer.text
    assert Message.objects.get(pk=row.pk).state == State.DEAD


def test_all_of_a_reason_are_tried_again_and_the_late_ones_are_counted(staff, mall):
    alive = [died(mall) for _each in range(2)]
    late = [died(mall, late=True) for _each in range(3)]
    other = [died(mall, reason="nomor salah"), died(mall, channel=EMAIL)]
    far = died(elsewhere())

    answer = retry_all(staff, mall, late[0])

    assert "2 pesan dicoba lagi. 3 sudah terlambat." in answer.text
    waiting = set(Message.objects.filter(state=State.WAITING).values_list("pk", flat=True))
    assert waiting == {each.pk for each in alive}
    kept = Message.objects.filter(pk__in=[each.pk for each in [*late, *other, far]])
    assert set(kept.values_list("state", flat=True)) == {State.DEAD}


def test_where_all_are_late_nothing_is_said_to_be_tried(staff, mall):
    row = died(mall, late=True)

    assert "0 pesan dicoba lagi. 1 sudah terlambat." in retry_all(staff, mall, row).text


def test_a_great_many_are_tried_again_in_parts(staff, mall, monkeypatch):
    monkeypatch.setattr(dead, "AT_ONCE", 2)
    made = [died(mall) for _each in range(3)]

    first = retry_all(staff, mall, made[0])
    second = retry_all(staff, mall, made[2])

    assert "2 pesan dicoba lagi. Masih ada lagi" in first.text
    assert "1 pesan dicoba lagi." in second.text


@pytest.mark.parametrize("like", ["", "x", "0", "999999", "9" * 30])
def test_like_nothing_is_nothing(staff, mall, like):
    row = died(mall)

    assert staff.post(address(mall, "messages_retry"), {"seperti": like}).status_code == 404
    assert Message.objects.get(pk=row.pk).state == State.DEAD


def test_the_history_stands_in_the_log_only(staff, mall):
    died(mall, ended=at(9) - dead.WITHIN - timedelta(minutes=1))
    gone = died(mall)  # a browser that is gone costs nobody anything
    Message.objects.filter(pk=gone.pk).update(channel=PUSH)

    assert seen(staff.get(address(mall))) == []


def test_many_of_a_reason_are_shown_in_part_and_counted_in_full(staff, mall, monkeypatch):
    monkeypatch.setattr(dead, "SHOWN", 2)
    for _each in range(3):
        died(mall)

    assert seen(staff.get(address(mall))) == [("saldo habis", 3, 0, 2)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_with_one_row_and_with_three(
    staff, mall, rows, django_assert_num_queries
):
    for number in range(rows):
        died(mall, reason=f"sebab {number}")

    with django_assert_num_queries(7):
        staff.get(address(mall))


@pytest.mark.parametrize("role", [Role.MALL_ADMIN, Role.OPERATOR])
@pytest.mark.parametrize("rows", [1, 3])
def test_the_staff_home_counts_them_in_one_statement(
    client, mall, role, rows, django_assert_num_queries
):
    client.force_login(appoint(role, **({"mall": mall} if role == Role.MALL_ADMIN else {})))
    for _each in range(rows):
        died(mall)

    with django_assert_num_queries(7):
        page = client.get(reverse("staff"))

    assert f"{rows} tidak terkirim" in page.text
    assert (reverse("wordings_nation") in page.text) == (role == Role.OPERATOR)


def test_the_staff_home_of_others_says_nothing_of_messages(client, hall, mall):
    died(mall)
    other = make_hall(slug="mpp-lain").mall
    for user in (hall.officer, make_officer(hall.presence, Role.SUPERVISOR)):
        client.force_login(user)
        assert "Pesan kepada pemohon" not in client.get(reverse("staff")).text
    client.force_login(appoint(Role.MALL_ADMIN, mall=other))
    assert "tidak terkirim" not in client.get(reverse("staff")).text


def sibling(row, channel, state):
    """The same to the same person through another channel."""
    ended = None if state in {State.WAITING, State.SENDING} else at(9)
    until = at(9, 1) if state == State.SENDING else None
    row = Message.objects.get(pk=row.pk)
    row.pk, row.channel, row.state, row.ended_at, row.leased_until = (
        None,
        channel,
        state,
        ended,
        until,
    )
    row.save()


@pytest.mark.parametrize(
    ("channel", "state", "is_lost"),
    [
        *((EMAIL, state, False) for state in (State.SENT, State.DELIVERED, State.READ)),
        *((EMAIL, state, False) for state in (State.WAITING, State.SENDING)),
        *((EMAIL, state, True) for state in (State.STALE, State.WITHDRAWN)),
        (PUSH, State.SENT, True),
    ],
)
def test_what_arrived_another_way_or_still_may_is_not_lost(staff, mall, channel, state, is_lost):
    row, other = died(mall), died(mall)
    sibling(row, channel, state)

    assert dead.tally([mall], now=at(9)).dead == 1 + is_lost
    retry_all(staff, mall, other)
    is_again = Message.objects.get(pk=row.pk).state == State.WAITING
    assert is_again == is_lost


def notices():
    found = Message.objects.filter(kind="messages_dead", channel=Channel.INBOX).order_by("pk")
    return [outbox.values_of(row)["jumlah"] for row in found]


def test_the_staff_are_told_again_when_it_has_doubled(admin, mall):
    for _each in range(5):
        died(mall)
        watch.tell_of_dead(now=at(9, 1))

    assert notices() == ["1", "2", "4"]


def test_the_staff_are_not_told_of_fewer_than_they_know_of(admin, mall):
    for _each in range(4):
        died(mall)
    watch.tell_of_dead(now=at(9, 1))
    for row in Message.objects.dead()[:2]:
        sibling(row, EMAIL, State.SENT)
    watch.tell_of_dead(now=at(9, 2))

    assert notices() == ["4"]


def test_the_staff_are_not_told_of_what_arrived_another_way(admin, mall):
    sibling(died(mall), EMAIL, State.SENT)
    watch.tell_of_dead(now=at(9, 1))

    assert notices() == []


def test_what_is_no_longer_so_is_neither_counted_nor_offered_again(staff, monkeypatch):
    mall = make_hall(slug="mpp-pindah").mall
    sends_through(mall, TEXT)
    plug_in(monkeypatch, answer=NEVER)
    contact = contact_of(mall, TEXT)
    tell(contact, not_after=at(12))
    work(now=at(9))
    assert dead.tally([mall], now=at(9)) == dead.Tally(1, 1)

    outbox.withdraw(contact.pk, ["ticket-event:1:1"], now=at(9), reason="Dipindah.")

    assert dead.tally([mall], now=at(9)) == dead.Tally(0, 0)
    row = Message.objects.get(mall=mall, channel=TEXT)
    assert not dead.may_retry(row, now=at(9))
