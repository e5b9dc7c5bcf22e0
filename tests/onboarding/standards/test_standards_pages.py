"""The standard of a service on its pages: written, handed in, judged, and read."""

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from services import standards
from services.components import Content
from services.models import Pledge, Standard
from services.standard_forms import StandardForm
from services.standard_states import State
from tests.recipes import at, make_hall
from tests.services.recipes import WHOLE, WITH_VARIANT, drafted, published, submitted, writer
from tests.services.test_standard_forms import sent
from tests.test_bad_input import TEXTS, encoded

pytestmark = pytest.mark.django_db
DECREE = {
    "number": "500/12/2026",
    "on": "2026-03-02",
    "signatory": "Nama Contoh",
    "position": "Kepala Dinas",
}


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def author(hall, client):
    user = writer(hall.presence)
    client.force_login(user)
    return user


@pytest.fixture
def reviewer(hall):
    return writer(hall.presence, Role.MALL_ADMIN)


def at_(name, hall, *more):
    return reverse(name, args=[hall.mall.slug, hall.service.pk, *more])


def form_of(row, content, do="save"):
    data = sent(StandardForm.of(content)).dict()
    return {**data, "seen": standards.seen(row), "do": do}


def judging(row, form):
    """What the review page sends: what was typed, and what was seen."""
    return {**form, "seen": standards.seen(row)}


def test_a_standard_is_begun_once(hall, author, client):
    for _twice in range(2):
        answer = client.post(at_("standard_begin", hall))

    assert answer["Location"] == at_("standard_draft", hall)
    assert Standard.objects.get().author == author


def test_a_draft_is_kept_even_if_something_is_missing(hall, author, client):
    row = drafted(hall.service, Content(), by=author)

    client.post(at_("standard_draft", hall), form_of(row, Content(product="Kartu")))

    row.refresh_from_db()
    assert standards.content_of(row) == Content(product="Kartu")
    assert (
        "13 dari 14 komponen belum diisi"
        in client.get(at_("standard_draft", hall)).content.decode()
    )


def test_more_rows_keep_the_values_and_store_nothing(hall, author, client):
    row = drafted(hall.service, WHOLE, by=author)
    form = form_of(row, WITH_VARIANT, "rows") | {"biaya-0-amount": "bukan angka"}

    answer = client.post(at_("standard_draft", hall), form)

    said = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="bukan angka"' in said
    assert 'value="10 tahun"' in said
    assert "Tulis rupiah" not in said
    row.refresh_from_db()
    assert standards.content_of(row) == WHOLE


def test_a_whole_draft_is_handed_in(hall, author, client):
    row = drafted(hall.service, Content(), by=author)

    answer = client.post(at_("standard_draft", hall), form_of(row, WITH_VARIANT, "submit"))

    row.refresh_from_db()
    assert answer["Location"] == at_("service_standard", hall)
    assert (row.state, standards.content_of(row)) == (State.REVIEW, WITH_VARIANT)


def test_an_unfinished_draft_is_kept_but_not_handed_in(hall, author, client):
    row = drafted(hall.service, Content(), by=author)

    form = form_of(row, Content(product="Kartu"), "submit")
    answer = client.post(at_("standard_draft", hall), form, follow=True)

    row.refresh_from_db()
    assert (row.state, standards.content_of(row).product) == (State.DRAFT, "Kartu")
    assert "Draf tersimpan, tetapi belum diajukan. Belum lengkap" in answer.content.decode()


def test_what_is_wrong_keeps_what_was_typed(hall, author, client):
    row = drafted(hall.service, WHOLE, by=author)
    form = form_of(row, WHOLE) | {"biaya-0-amount": "seribu", "product": "Kartu"}

    answer = client.post(at_("standard_draft", hall), form)

    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Tulis rupiah bulat tanpa sen" in said
    assert 'value="Kartu"' in said
    row.refresh_from_db()
    assert standards.content_of(row) == WHOLE


def test_two_who_write_at_once_do_not_overwrite_each_other(hall, author, reviewer, client):
    row = drafted(hall.service, WHOLE, by=author)
    form = form_of(row, WITH_VARIANT)
    standards.save(row, Content(), known=standards.seen(row), by=reviewer, now=at(9))

    answer = client.post(at_("standard_draft", hall), form)

    assert answer.status_code == 422
    assert "baru saja diubah orang lain" in answer.content.decode()
    assert 'value="10 tahun"' in answer.content.decode()
    row.refresh_from_db()
    assert standards.content_of(row) == Content()


def test_the_author_takes_it_back(hall, author, client):
    submitted(hall.service, by=author)
    assert client.get(at_("standard_draft", hall))["Location"] == at_("service_standard", hall)

    client.post(at_("standard_withdraw", hall))

    assert Standard.objects.get().state == State.DRAFT
    assert client.get(at_("standard_draft", hall)).status_code == 200


def test_the_author_reads_but_cannot_publish(hall, author, client):
    row = submitted(hall.service, by=author)

    said = client.get(at_("standard_review", hall)).content.decode()
    answer = client.post(at_("standard_publish", hall), judging(row, DECREE))

    assert "Anda penyusunnya" in said
    assert at_("standard_publish", hall) not in said
    assert answer["X-Refusal"] == "own_standard"
    row.refresh_from_db()
    assert row.state == State.REVIEW


def test_somebody_else_publishes_it(hall, author, reviewer, client):
    row = submitted(hall.service, WITH_VARIANT, by=author)
    client.force_login(reviewer)
    assert "10 tahun" in client.get(at_("standard_review", hall)).content.decode()

    answer = client.post(at_("standard_publish", hall), judging(row, DECREE))

    assert answer["Location"] == at_("service_standard", hall)
    row.refresh_from_db()
    assert (row.state, row.decree_number, row.position) == (
        *(State.PUBLISHED, "500/12/2026", "Kepala Dinas"),
    )


@pytest.mark.parametrize(
    "wrong",
    [{"number": ""}, {"on": "2026-03-10"}, {"on": "besok"}, {"signatory": ""}, {"position": ""}],
)
def test_a_decree_must_be_whole_and_not_of_tomorrow(hall, author, reviewer, client, wrong):
    row = submitted(hall.service, by=author)
    client.force_login(reviewer)

    answer = client.post(at_("standard_publish", hall), DECREE | wrong)

    assert (answer.status_code, set(answer.context["decree"].errors)) == (422, set(wrong))
    row.refresh_from_db()
    assert row.state == State.REVIEW


def test_the_reviewer_sees_what_is_different_and_returns_it(hall, author, reviewer, client):
    published(hall.service, by=author, reviewer=reviewer)
    row = submitted(hall.service, WITH_VARIANT, by=author)
    client.force_login(reviewer)

    said = client.get(at_("standard_review", hall)).content.decode()
    assert "1 bagian berbeda dari versi 1 yang berlaku" in said
    assert client.post(at_("standard_return", hall), {"remark": ""}).status_code == 422
    client.post(at_("standard_return", hall), judging(row, {"remark": "Tarifnya keliru."}))

    row.refresh_from_db()
    assert (row.state, row.remark) == (State.DRAFT, "Tarifnya keliru.")
    client.force_login(author)
    for name in ("service_standard", "standard_draft"):
        assert "Tarifnya keliru." in client.get(at_(name, hall)).content.decode()


@pytest.mark.parametrize(
    ("name", "form", "kept"),
    [
        ("standard_publish", DECREE, 'value="500/12/2026"'),
        ("standard_return", {"remark": "Tarifnya keliru."}, "Tarifnya keliru."),
    ],
)
def test_what_changed_while_the_review_was_open_is_read_again_before_it_is_judged(
    hall, author, reviewer, client, name, form, kept
):
    row = submitted(hall.service, by=author)
    client.force_login(reviewer)
    opened = client.get(at_("standard_review", hall)).context["seen"]
    standards.take_back(row, by=author, now=at(9))
    submitted(hall.service, WITH_VARIANT, by=author, now=at(9))

    answer = client.post(at_(name, hall), {**form, "seen": opened})

    said = answer.content.decode()
    assert (answer.status_code, answer["X-Refusal"]) == (409, "standard_changed")
    assert all(each in said for each in ("sejak Anda membukanya", kept, "10 tahun"))
    assert Standard.objects.get().state == State.REVIEW
    again = {**form, "seen": answer.context["seen"]}
    assert client.post(at_(name, hall), again)["Location"] == at_("service_standard", hall)


def test_a_mistyped_decree_does_not_count_as_having_seen_a_change(hall, author, reviewer, client):
    row = submitted(hall.service, by=author)
    client.force_login(reviewer)
    opened = standards.seen(row)
    standards.take_back(row, by=author, now=at(9))
    submitted(hall.service, WITH_VARIANT, by=author, now=at(9))

    answer = client.post(at_("standard_publish", hall), {**DECREE, "number": "", "seen": opened})

    assert (answer.status_code, answer.context["seen"]) == (422, opened)
    assert answer.content.decode().count(f'name="seen" value="{opened}"') == 2


def test_every_version_stays_readable(hall, author, reviewer, client):
    published(hall.service, WITH_VARIANT, by=author, reviewer=reviewer)
    published(hall.service, WHOLE, by=author, reviewer=reviewer, now=at(8, 40))

    old = client.get(at_("standard_version", hall, 1)).content.decode()
    assert "Rp650.000" in old
    assert "Digantikan Senin, 9 Maret 2026" in old
    paper = client.get(at_("standard_paper", hall, 1))
    assert paper["Content-Type"] == "application/pdf"
    assert client.get(at_("standard_version", hall, 3)).status_code == 404
    assert "Versi 2" in client.get(at_("service_standard", hall)).content.decode()


@pytest.mark.parametrize("name", ["standard_draft", "standard_review"])
def test_without_a_version_in_work_these_pages_are_not_there(hall, author, client, name):
    assert client.get(at_(name, hall)).status_code == 404


# --- The pledge ------------------------------------------------------------------------------

PLEDGE = {
    "sentences": "Kami melayani setara.\nKami tidak memungut biaya lain.",
    "signatory": "Nama Contoh",
    "position": "Kepala DPMPTSP",
    "place": "Cikarang",
    "signed_on": "2026-03-02",
}


def test_the_mall_words_and_publishes_its_pledge(hall, reviewer, client):
    client.force_login(reviewer)
    slug = hall.mall.slug
    assert "Kami melayani siapa pun" in client.get(reverse("pledge", args=[slug])).content.decode()

    client.post(reverse("pledge", args=[slug]), PLEDGE)
    draft = client.get(reverse("pledge_paper", args=[slug, "draf"]))
    client.post(reverse("pledge_publish", args=[slug]))

    assert draft["Content-Type"] == "application/pdf"
    assert Pledge.objects.get().published_at == at(9)
    assert client.get(reverse("pledge_paper", args=[slug, "a3"])).status_code == 200
    assert client.get(reverse("pledge_paper", args=[slug, "draf"])).status_code == 404


def test_an_agency_words_its_own_pledge_only(hall, author, client):
    slug, own = hall.mall.slug, [hall.mall.slug, hall.presence.pk]
    assert client.post(reverse("pledge", args=[slug]), PLEDGE).status_code == 404

    client.post(reverse("pledge_agency", args=own), PLEDGE)
    client.post(reverse("pledge_agency_publish", args=own))

    assert Pledge.objects.get().presence == hall.presence
    assert client.get(reverse("pledge_agency_paper", args=[*own, "a4"])).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"sentences": ""}, {"sentences": "a\n" * 9}, {"signatory": ""}, {"signed_on": "kapan"}],
)
def test_what_is_wrong_with_a_pledge_is_said(hall, reviewer, client, wrong):
    client.force_login(reviewer)

    answer = client.post(reverse("pledge", args=[hall.mall.slug]), PLEDGE | wrong)

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, set(wrong))
    assert not Pledge.objects.exists()


def test_the_pledge_of_another_agency_is_chosen_by_name(hall, reviewer, client):
    client.force_login(reviewer)
    address = reverse("pledge", args=[hall.mall.slug])

    agency = client.get(f"{address}?instansi={hall.presence.pk}")
    whole = client.get(f"{address}?instansi=")

    assert agency["Location"] == f"{address}{hall.presence.pk}/"
    assert whole["Location"] == address


def test_a_draft_is_given_up_after_a_question_and_its_reason_is_read(hall, author, client):
    row = drafted(hall.service, WHOLE, by=author)

    asked = client.get(at_("standard_discard", hall))
    unsaid = client.post(at_("standard_discard", hall), {"reason": " "})
    answer = client.post(at_("standard_discard", hall), {"reason": "Salah layanan"})

    assert (asked.status_code, unsaid.status_code) == (200, 422)
    assert answer["Location"] == at_("service_standard", hall)
    row.refresh_from_db()
    assert (row.state, row.remark) == (State.DISCARDED, "Salah layanan")
    page = client.get(answer["Location"]).content.decode()
    assert "Dibuang Senin, 9 Maret 2026: Salah layanan" in page
    for name in ("standard_version", "standard_paper"):
        assert client.get(at_(name, hall, 1)).status_code == 404
    assert client.post(at_("standard_discard", hall), {"reason": "Lagi"}).status_code == 404


def test_nobody_gives_up_what_is_being_reviewed(hall, author, client):
    row = submitted(hall.service, by=author)

    answer = client.post(at_("standard_discard", hall), {"reason": "Salah"})

    assert answer["X-Refusal"] == "standard_state"
    row.refresh_from_db()
    assert row.state == State.REVIEW


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_reason_is_an_answer(hall, author, client, text):
    drafted(hall.service, WHOLE, by=author)

    form = f"reason={encoded(text)}"
    kind = "application/x-www-form-urlencoded"
    answer = client.generic("POST", at_("standard_discard", hall), form, kind)

    assert answer.status_code < 500
