"""Announcements: said from now until then, seen by those they are for."""

from uuid import uuid4

import pytest
from django.utils import translation

from core.idempotency import KeyReused
from hall import announcements
from hall.models import Announcement, HallEvent
from hall.refusals import TextMissing
from tests.hall.conftest import assert_sound
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db


def say(hall, admin, text="Listrik padam sebentar.", **more):
    said = {"ends_at": at(10), "on_boards": True, "on_phones": False, "by": admin, "now": at(9)}
    return announcements.say(hall.mall, text, **{**said, **more})


def shown(mall, now):
    return [each.text for each in announcements.current(mall.pk, now=now)]


def test_it_is_shown_from_now_until_its_end_in_its_mall(hall, admin):
    say(hall, admin, " Listrik padam sebentar. ")
    other = make_hall(slug="mpp-lain").mall

    seen = [shown(hall.mall, moment) for moment in (at(8, 59), at(9), at(9, 59), at(10))]

    assert seen == [[], ["Listrik padam sebentar."], ["Listrik padam sebentar."], []]
    assert shown(other, at(9)) == []
    assert_sound()


def test_a_double_tap_says_it_once_and_an_edit_needs_a_new_form(hall, admin):
    same = uuid4()

    first = say(hall, admin, key=same)
    copy = say(hall, admin, key=same, now=at(9, 0, 1), ends_at=at(10, 0, 1))
    with pytest.raises(KeyReused):
        say(hall, admin, "Loket 2 pindah.", key=same)

    assert (copy.pk, Announcement.objects.count()) == (first.pk, 1)
    assert HallEvent.objects.filter(act="announcement.said").count() == 1
    assert_sound()


def test_the_same_key_in_another_mall_is_another_announcement(hall, admin):
    same = uuid4()

    assert say(hall, admin, key=same) != say(make_hall(slug="mpp-lain"), admin, key=same)


def test_the_newest_stands_first(hall, admin):
    say(hall, admin, "Pertama")
    say(hall, admin, "Kedua", now=at(9, 5))

    assert shown(hall.mall, at(9, 10)) == ["Kedua", "Pertama"]


@pytest.mark.parametrize(
    "wrong",
    [{"text": "  "}, {"on_boards": False}, {"ends_at": at(9)}, {"ends_at": at(8)}],
    ids=["no text", "no reader", "no time", "over"],
)
def test_nothing_is_said_to_nobody(hall, admin, wrong):
    with pytest.raises(TextMissing):
        say(hall, admin, **wrong)

    assert not Announcement.objects.exists()
    assert not HallEvent.objects.filter(act="announcement.said").exists()


def test_withdrawn_it_is_gone_and_a_second_time_writes_nothing(hall, admin):
    said = say(hall, admin)

    for _time in range(2):
        announcements.withdraw(said, by=admin, now=at(9, 5))

    assert shown(hall.mall, at(9, 6)) == []
    assert HallEvent.objects.filter(act="announcement.withdrawn").count() == 1
    assert_sound()


def test_it_is_read_in_the_language_of_the_reader(hall, admin):
    both = say(hall, admin, text_en="Short power cut.")
    only = say(hall, admin, "Loket 2 pindah.")

    assert [both.said, only.said] == ["Listrik padam sebentar.", "Loket 2 pindah."]
    with translation.override("en"):
        assert [both.said, only.said] == ["Short power cut.", "Loket 2 pindah."]
