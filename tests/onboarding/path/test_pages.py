"""The pages about the way of a mall, by whom they are for."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from agencies.models import Ceremony, Mall
from core import memo
from core.models import StoredFile
from onboarding.models import CoachNote, Location, Milestone, Task
from onboarding.path import preparing
from onboarding.path.milestones import Place
from onboarding.path.views.readiness import ACTS
from onboarding.states import Act, Stage
from tests.onboarding.path.recipes import (
    AGO,
    NOON,
    acts_of,
    coach,
    committed,
    furnish,
    mall_at,
    of_path,
    record,
    region,
    scan,
    somebody,
    trodden,
)
from tests.recipes import MONDAY

pytestmark = pytest.mark.django_db
OCCASION = {"title": "Komitmen", "held_on": "2020-03-10", "place": "Jakarta", "present": "A\nB"}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def mall():
    return mall_at(Stage.PREPARATION)


@pytest.fixture
def admin(client, mall):
    client.force_login(somebody(mall=mall))
    return client


@pytest.fixture
def ministry(client):
    client.force_login(coach())
    return client


def at_mall(name, mall, *rest):
    return reverse(name, args=[mall.slug, *rest])


def said(answer):
    return answer.content.decode()


def test_a_ceremony_is_registered_with_many_regions(ministry):
    for number in range(3):
        region(f"Kabupaten {number}", f"32.1{number}")

    answer = ministry.post(
        reverse("commitment"),
        OCCASION | {"chosen": ["32.10", "32.12"], "document": scan(), "do": "simpan"},
    )

    ceremony = Ceremony.objects.get()
    assert answer.url == reverse("nation_board")
    assert (ceremony.present, ceremony.document) == (["A", "B"], StoredFile.objects.get())
    assert list(Mall.objects.values_list("region__code", flat=True)) == ["32.10", "32.12"]


def test_looking_for_a_region_keeps_what_is_typed_and_ticked(ministry):
    region("Kabupaten Satu", "32.10")
    region("Kota Dua", "51.71", "Bali")

    answer = ministry.post(
        reverse("commitment"), OCCASION | {"chosen": "32.10", "q": "bali", "do": "cari"}
    )

    page = said(answer)
    assert (answer.status_code, Mall.objects.count()) == (200, 0)
    assert 'value="32.10" checked' in page
    assert 'value="51.71"> Kota Dua' in page
    assert 'value="2020-03-10"' in page
    assert 'class="field bad"' not in page


def test_a_ceremony_without_regions_keeps_what_is_typed(ministry):
    answer = ministry.post(reverse("commitment"), OCCASION)

    assert answer.status_code == 422
    assert "Pilih paling sedikit satu." in said(answer)
    assert 'value="Jakarta"' in said(answer)


def test_who_committed_meanwhile_is_named_on_the_page(ministry):
    committed(region("Kabupaten Satu", "32.10"))

    answer = ministry.post(reverse("commitment"), OCCASION | {"chosen": "32.10"})

    assert (answer.status_code, answer["X-Refusal"]) == (409, "committed_already")
    assert "Sudah berkomitmen: Kabupaten Satu" in said(answer)


def test_a_file_that_is_none_is_refused_beside_its_field(ministry):
    region("Kabupaten Satu", "32.10")
    wrong = scan()
    wrong.seek(0)
    wrong.write(b"MZ program")
    wrong.seek(0)

    answer = ministry.post(reverse("commitment"), OCCASION | {"chosen": "32.10", "document": wrong})

    assert (answer.status_code, Mall.objects.count()) == (422, 0)
    assert "Jenis berkas itu tidak diterima" in said(answer)


def test_several_malls_are_inaugurated_from_one_page(ministry):
    malls = [mall_at(Stage.SOFT_LAUNCH) for _each in range(2)]

    ministry.post(
        reverse("inauguration"),
        OCCASION | {"held_on": "2026-03-09", "chosen": [each.slug for each in malls]},
    )

    assert [acts_of(each) for each in malls] == [[Act.INAUGURATE]] * 2


def test_without_anything_to_inaugurate_the_page_says_when_there_will_be(ministry):
    assert "Mal muncul di sini setelah pembukaan terbatasnya dicatat." in said(
        ministry.get(reverse("inauguration"))
    )


def test_an_inauguration_out_of_order_is_refused_on_its_page(ministry):
    mall = mall_at(Stage.SOFT_LAUNCH)
    record(mall, Act.MOVE)

    answer = ministry.post(reverse("inauguration"), OCCASION | {"chosen": mall.slug})

    assert (answer.status_code, answer["X-Refusal"]) == (409, "wrong_day")


def test_the_board_caps_its_columns_and_a_stage_lists_all(ministry):
    committed(*(region(f"Kabupaten {number}") for number in range(8)))

    board = said(ministry.get(reverse("nation_board")))
    listed = said(ministry.get(reverse("nation_board"), {"tahap": "commitment"}))

    assert (board.count('class="card'), listed.count('<th scope="row">')) == (6, 8)
    assert "2 lainnya" in board


def test_the_map_has_the_same_malls_as_its_table(ministry):
    committed(region("Kabupaten Bekasi", "32.16"))

    page = said(ministry.get(reverse("nation_map")))

    assert page.count(f'href="{reverse("readiness", args=["mpp-kabupaten-bekasi"])}"') == 2
    assert "idn-area-data (ODbL 1.0)" in page


@pytest.mark.parametrize("name", ["nation_board", "nation_map"])
def test_a_country_without_malls_says_what_to_do(ministry, name):
    assert "catat komitmen wilayah baru" in said(ministry.get(reverse(name)))


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("role", [Role.MALL_ADMIN, Role.MINISTRY_MONITOR, Role.OPERATOR])
def test_readiness_says_the_next_step_at_every_stage(client, stage, role):
    mall = mall_at(stage)
    client.force_login(somebody(role, mall if role == Role.MALL_ADMIN else None))

    answer = client.get(at_mall("readiness", mall))

    assert answer.status_code == 200
    assert "Langkah berikutnya" in said(answer)


@pytest.mark.parametrize("rows", [1, 3])
def test_readiness_takes_as_many_queries_whatever_is_on_it(
    admin, mall, rows, django_assert_num_queries
):
    preparing.lay(mall)
    for number in range(rows):
        record(mall, Act.MOVE, on=AGO.replace(day=11 + number), moved_to=Place(f"G{number}", "J"))
        mall_at(Stage.COACHED, region=mall.region)
        note = {"by": coach(), "at": NOON, "visited_on": AGO}
        CoachNote.objects.create(mall=mall, task=Task.objects.first(), **note)

    with django_assert_num_queries(21):
        admin.get(at_mall("readiness", mall))


def test_the_list_is_laid_from_the_page(admin, mall):
    admin.post(at_mall("readiness_lay", mall))

    assert Task.objects.filter(mall=mall).count() == 21


def test_an_item_is_added_and_a_second_of_its_name_refused(admin, mall):
    item = {"half": "facilities", "name": "Genset", "due": "2026-04-01"}

    first = admin.post(at_mall("task_add", mall), item)
    again = admin.post(at_mall("task_add", mall), item)

    assert (first.status_code, again.status_code) == (302, 409)
    assert Task.objects.get().due.isoformat() == "2026-04-01"
    assert 'value="Genset"' in said(again)


def test_an_item_is_done_with_evidence_that_only_its_people_download(admin, client, mall):
    preparing.lay(mall)
    task = Task.objects.earliest("pk")

    admin.post(
        at_mall("task", mall, task.pk),
        {"standing": "done", "owner": "DPMPTSP", "evidence": scan(), "note": "Nomor 1"},
    )

    task.refresh_from_db()
    file = admin.get(at_mall("evidence", mall, task.pk))
    assert (task.done_on, task.owner) == (MONDAY, "DPMPTSP")
    assert file["Content-Disposition"].startswith("attachment")
    client.force_login(somebody(mall=mall_at(Stage.COACHED)))
    assert client.get(at_mall("evidence", mall, task.pk)).status_code == 404


def test_an_item_of_another_mall_is_not_reached_through_ones_own(admin, mall):
    trodden(mall_at(Stage.COACHED))
    other = of_path()

    for name in ("task", "evidence"):
        assert admin.get(at_mall(name, mall, other["task"])).status_code == 404
    assert admin.get(at_mall("milestone_file", mall, other["milestone"])).status_code == 404
    note = at_mall("coach_note_act", mall, other["note"], "jawab")
    assert admin.post(note, {"text": "Ya"}).status_code == 404


def test_an_item_not_needed_without_a_reason_is_refused_with_the_form_kept(admin, mall):
    preparing.lay(mall)
    address = at_mall("task", mall, Task.objects.earliest("pk").pk)

    answer = admin.post(address, {"standing": "not_needed", "owner": "Bagian Umum"})

    assert (answer.status_code, answer["X-Refusal"]) == (409, "reason_missing")
    assert 'value="Bagian Umum"' in said(answer)


def test_a_milestone_is_recorded_with_who_was_there_and_its_document(admin, mall):
    answer = admin.post(
        at_mall("milestone", mall, "kerja-sama"),
        {"on": "2026-03-08", "present": "Bupati\nSekda", "document": scan(), "place": "Aula"},
    )

    row = Milestone.objects.get()
    assert answer.url == at_mall("readiness", mall)
    assert (row.act, row.present, row.place) == (Act.NEGOTIATE, ["Bupati", "Sekda"], "Aula")
    assert admin.get(at_mall("milestone_file", mall, row.pk)).status_code == 200
    page = said(admin.get(at_mall("readiness", mall)))
    assert "<li>Sekda</li>" in page


def test_a_milestone_at_the_wrong_stage_is_refused_on_its_page(admin, mall):
    address = at_mall("milestone", mall, "pembukaan-terbatas")

    assert "belum atau tidak lagi dapat dicatat" not in said(admin.get(address))
    answer = admin.post(address, {"on": "2026-03-08"})

    assert (answer.status_code, acts_of(mall)) == (409, [])


def test_a_launch_says_beforehand_what_lacks(admin, mall):
    page = said(admin.get(at_mall("milestone", mall, "pembukaan-terbatas")))
    furnish(mall)
    furnished = said(admin.get(at_mall("milestone", mall, "pembukaan-terbatas")))

    assert "Belum ada yang dapat dibuka" in page
    assert "pada tahap Persiapan" in furnished


def test_what_the_ministry_holds_only_the_ministry_records(admin, mall):
    for name in ("peresmian", "pendampingan"):
        assert admin.get(at_mall("milestone", mall, name)).status_code == 404
    admin.force_login(coach())
    for name in {*ACTS} - {"peresmian", "pendampingan"}:
        assert admin.post(at_mall("milestone", mall, name), {"on": "2026-03-08"}).status_code == 404
    assert admin.get(at_mall("milestone", mall, "lain")).status_code == 404


def test_the_ministry_begins_to_coach(ministry):
    mall = mall_at(Stage.INAUGURATED)

    ministry.post(at_mall("milestone", mall, "pendampingan"), {"on": "2026-03-09"})

    assert acts_of(mall) == [Act.COACH]


def test_a_suspension_asks_for_its_reason_and_closes_the_public_page(admin, client, mall):
    furnish(mall)
    Mall.objects.update(stage=Stage.COACHED)
    address = at_mall("milestone", mall, "henti")

    assert admin.post(address, {"on": "2026-03-09"}).status_code == 422
    admin.post(address, {"on": "2026-03-09", "reason": "Banjir"})
    memo.clear_all()

    assert "Mal ini ditutup sementara mulai 9 Maret 2026" in said(client.get(f"/mal/{mall.slug}/"))
    sentence = "Mal ditutup sementara: Banjir. Pembukaannya kembali belum ditentukan."
    assert sentence in said(client.get(f"/mal/{mall.slug}/"))
    assert sentence in said(client.get(f"/mesin/{mall.slug}/"))


def test_a_move_is_typed_with_its_place(admin, mall):
    admin.post(
        at_mall("milestone", mall, "pindah"),
        {"on": "2026-03-09", "place_name": "Gedung Baru", "address": "Jalan Baru"},
    )

    assert Location.objects.filter(mall=mall).count() == 2
    assert "Gedung Baru" in said(admin.get(at_mall("readiness", mall)))


def test_a_place_that_is_added_opens_for_whoever_added_it(admin, mall):
    form = {"kind": "gpp", "name": "Gerai Uji", "short_name": "GPP Uji", "on": "2026-03-09"}
    address = at_mall("place_add", mall)

    answer = admin.post(address, form | {"place_name": "Pasar", "address": "Jalan"})
    again = admin.post(address, form | {"place_name": "Pasar", "address": "Jalan"})

    assert admin.get(answer.url).status_code == 200
    assert (again.status_code, again["X-Refusal"]) == (409, "name_taken")


def test_a_note_is_left_answered_and_closed_over_the_pages(client, mall):
    ministry, admin = coach(), somebody(mall=mall)
    address = at_mall("coach_notes", mall)
    client.force_login(ministry)
    note = {"visited_on": "2026-03-09", "text": "Papan kurang", "key": uuid4()}
    client.post(address, note)
    row = CoachNote.objects.get()

    client.force_login(admin)
    client.post(at_mall("coach_note_act", mall, row.pk, "jawab"), {"text": "Sudah"})
    client.force_login(ministry)
    client.post(at_mall("coach_note_act", mall, row.pk, "tanya"), {"text": "Belum semua"})
    client.post(at_mall("coach_note_act", mall, row.followed_by.pk, "tutup"))

    assert not CoachNote.objects.filter(closed_at=None).exists()
    assert "lanjutan catatan sebelumnya" in said(client.get(address))
