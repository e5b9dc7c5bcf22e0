"""A mall's own recordings: who may, what may be uploaded, and how they are played."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from hall import record, recordings, voice
from hall.models import HallEvent, Recording
from hall.refusals import NotAClip
from queueing import boards
from tests.hall.conftest import appoint, assert_sound
from tests.recipes import at, make_hall, make_officer

pytestmark = pytest.mark.django_db

MP3 = b"\xff\xf3\x44\xc4" + bytes(range(256)) * 8
KINDS = {
    "a.mp3": (MP3, "audio/mpeg"),
    "b.mp3": (b"ID3\x04" + MP3, "audio/mpeg"),
    "c.ogg": (b"OggS" + MP3, "audio/ogg"),
    "d.wav": (b"RIFF\x10\x00\x00\x00WAVEfmt ", "audio/wav"),
    "e.m4a": (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
}


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


def sound(content=MP3, name="rekaman.mp3"):
    return SimpleUploadedFile(name, content)


def upload(client, hall, clip="id/digit-0", file=None, **headers):
    form = {"clip": clip, "audio": file or sound()}
    return client.post(reverse("recording_save", args=[hall.mall.slug]), form, **headers)


def acts():
    return list(
        HallEvent.objects.filter(act__startswith="recording.").values_list("act", flat=True)
    )


def test_a_recording_takes_the_place_of_the_clip_on_every_board(client, hall, admin):
    client.force_login(admin)
    before = record.version_of(hall.mall.pk)

    answer = upload(client, hall)

    kept = Recording.objects.get()
    assert answer.url == reverse("recordings", args=[hall.mall.slug])
    assert (kept.clip, bytes(kept.audio), kept.by) == ("id/digit-0", MP3, admin)
    assert record.version_of(hall.mall.pk) == before + 1
    hall.issue()
    hall.call()
    (call,) = boards.picture(hall.mall, now=at(9)).calls
    assert call.clips[2] == reverse("recording", args=[hall.mall.slug, kept.pk])
    assert call.clips[4] == "/static/audio/id/digit-1.mp3"
    assert_sound()


def test_a_new_recording_has_a_new_address(hall, admin):
    recordings.save(hall.mall, "chime", sound(), by=admin, now=at(9))
    first = recordings.addresses(hall.mall)
    recordings.save(hall.mall, "chime", sound(b"OggS"), by=admin, now=at(9, 1))

    assert recordings.addresses(hall.mall) != first
    assert (Recording.objects.count(), Recording.objects.get().kind) == (1, "audio/ogg")
    assert boards.picture(hall.mall, now=at(9)).chime == recordings.addresses(hall.mall)["chime"]


def test_removing_goes_back_to_the_shipped_clip_and_twice_is_once(client, hall, admin):
    client.force_login(admin)
    upload(client, hall)

    for _time in range(2):
        client.post(reverse("recording_remove", args=[hall.mall.slug]), {"clip": "id/digit-0"})

    assert recordings.addresses(hall.mall) == {}
    assert sorted(acts()) == ["recording.removed", "recording.saved"]
    assert_sound()


@pytest.mark.parametrize("clip", ["", "lain", "\x00"])
def test_a_clip_that_does_not_exist_cannot_be_removed(hall, admin, clip):
    with pytest.raises(NotAClip):
        recordings.remove(hall.mall, clip, by=admin, now=at(9))


@pytest.mark.parametrize("name", KINDS)
def test_sound_is_known_by_its_first_bytes(hall, admin, name):
    content, kind = KINDS[name]

    recordings.save(hall.mall, "id/letter-a", sound(content, "apa-saja.txt"), by=admin, now=at(9))

    assert Recording.objects.get().kind == kind


@pytest.mark.parametrize(
    ("clip", "file", "says"),
    [
        ("id/digit-10", sound(), "Bagian suara itu tidak ada."),
        ("../chime", sound(), "Bagian suara itu tidak ada."),
        ("chime", None, "Pilih dahulu berkas rekamannya."),
        ("chime", sound(b""), "Pilih dahulu berkas rekamannya."),
        ("chime", sound(b"<svg onload=alert(1)>", "a.mp3"), "Berkas itu bukan rekaman suara."),
        ("chime", sound(b"\xff\xf1\x50\x80 aac"), "Berkas itu bukan rekaman suara."),
        ("chime", sound(b"RIFF\x10\x00\x00\x00WEBP"), "Berkas itu bukan rekaman suara."),
        ("chime", sound(MP3 * 100), "Berkas terlalu besar."),
    ],
)
def test_what_is_no_clip_is_refused_and_nothing_is_kept(hall, admin, clip, file, says):
    before = record.version_of(hall.mall.pk)

    with pytest.raises(NotAClip, match=says.replace(".", r"\.")):
        recordings.save(hall.mall, clip, file, by=admin, now=at(9))

    assert not Recording.objects.exists()
    assert record.version_of(hall.mall.pk) == before


def test_a_refusal_leads_back_to_the_list_with_its_sentence(client, hall, admin):
    client.force_login(admin)
    page = f"http://testserver{reverse('recordings', args=[hall.mall.slug])}"

    answer = upload(client, hall, clip="lain", headers={"Referer": page}, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert "Bagian suara itu tidak ada." in answer.text


def test_the_page_lists_every_clip_once(client, hall, admin):
    client.force_login(admin)
    upload(client, hall, clip="en/count-20")

    page = client.get(reverse("recordings", args=[hall.mall.slug]))

    listed = [clip.name for section in page.context["sections"] for clip in section.clips]
    assert sorted(listed) == sorted(voice.CLIPS)
    assert [section.own for section in page.context["sections"]] == [0, 0, 0, 0, 0, 0, 0, 1]
    assert "twenty …" in page.text
    assert "1 dari 35 rekaman sendiri" in page.text


@pytest.mark.parametrize("own", [0, 30])
def test_the_page_takes_the_same_queries_whatever_was_recorded(
    client, hall, admin, own, django_assert_num_queries
):
    client.force_login(admin)
    for clip in list(voice.CLIPS)[:own]:
        recordings.save(hall.mall, clip, sound(), by=admin, now=at(9))

    with django_assert_num_queries(4):
        client.get(reverse("recordings", args=[hall.mall.slug]))


@pytest.mark.parametrize("who", ["officer", "supervisor", "other admin", "ministry"])
def test_a_stranger_neither_sees_nor_changes_the_recordings(client, hall, admin, who):
    recordings.save(hall.mall, "id/digit-0", sound(), by=admin, now=at(9))
    stranger = {
        "officer": lambda: hall.officer,
        "supervisor": lambda: make_officer(hall.presence, Role.SUPERVISOR),
        "other admin": lambda: appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall),
        "ministry": lambda: appoint(Role.MINISTRY_MONITOR),
    }[who]()
    client.force_login(stranger)
    before = list(Recording.objects.values())

    remove = reverse("recording_remove", args=[hall.mall.slug])
    answers = [
        client.get(reverse("recordings", args=[hall.mall.slug])),
        upload(client, hall),
        client.post(remove, {"clip": "id/digit-0"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert list(Recording.objects.values()) == before


def test_the_choice_of_mall_leads_its_admin_to_the_page(client, hall, admin):
    client.force_login(admin)

    answer = client.get(reverse("recordings_malls"))

    assert answer.url == reverse("recordings", args=[hall.mall.slug])


class TestPlaying:
    @pytest.fixture(autouse=True)
    def _kept(self, hall, admin):
        recordings.save(hall.mall, "chime", sound(), by=admin, now=at(9))
        self.address = recordings.addresses(hall.mall)["chime"]

    def test_anybody_may_listen_and_keep_it(self, client):
        answer = client.get(self.address)

        assert (answer.status_code, answer.content) == (200, MP3)
        assert answer["Content-Type"] == "audio/mpeg"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_whoever_has_it_is_told_so(self, client):
        etag = client.get(self.address)["ETag"]

        again = client.get(self.address, headers={"If-None-Match": etag})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)

    @pytest.mark.parametrize(
        ("wanted", "part", "range_"),
        [
            ("bytes=0-1", MP3[:2], "bytes 0-1/2052"),
            ("bytes=2050-", MP3[2050:], "bytes 2050-2051/2052"),
            ("bytes=4-99999", MP3[4:], "bytes 4-2051/2052"),
        ],
    )
    def test_players_that_ask_for_a_part_get_it(self, client, wanted, part, range_):
        answer = client.get(self.address, headers={"Range": wanted})

        assert (answer.status_code, answer.content) == (206, part)
        assert answer["Content-Range"] == range_

    @pytest.mark.parametrize(
        "wanted", ["bytes=-5", "bytes=9999-", "lines=1-2", "bytes=0-1,4-5", "x"]
    )
    def test_other_wishes_get_the_whole(self, client, wanted):
        answer = client.get(self.address, headers={"Range": wanted})

        assert (answer.status_code, answer.content) == (200, MP3)

    def test_nobody_finds_it_under_another_mall(self, client, hall):
        other = make_hall(slug="mpp-lain")
        pk = Recording.objects.get().pk

        assert client.get(reverse("recording", args=[other.mall.slug, pk])).status_code == 404
        assert client.get(reverse("recording", args=[hall.mall.slug, pk + 1])).status_code == 404
