"""One opinion for each visit, within a week, of which nothing leads back."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from feedback import surveys
from feedback.models import Opinion
from feedback.questions import Age, Element, HalfDay
from feedback.surveys import NotAsked, Said, Standing
from queueing import tickets
from tests.feedback.recipes import form_of, last, scores, serve, think
from tests.recipes import at, key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


@pytest.fixture
def served(hall):
    return serve(hall, now=at(9))


@pytest.fixture
def send(client, served):
    def post(form, now=None):
        address = reverse("survey", args=[served.visit.token])
        with time_machine.travel(now or at(9, 40), tick=False):
            return client.post(address, form, follow=True)

    return post


@pytest.fixture
def read(client):
    def get(ticket, now=None):
        with time_machine.travel(now or at(9, 40), tick=False):
            return client.get(reverse("survey", args=[ticket.visit.token]))

    return get


def test_an_answer_says_where_and_when_roughly_and_of_whom_nothing(hall, send):
    said = form_of(3, u8=1, u9=4, age=Age.THIRTIES, text="Ruang tunggu nyaman.")

    answer = send(said)

    row = Opinion.objects.get()
    assert "Terima kasih, jawaban Anda tercatat" in answer.content.decode()
    assert (row.service, row.presence, row.mall) == (hall.service, hall.presence, hall.mall)
    assert (row.date, row.half_day) == (at(9).date(), HalfDay.MORNING)
    assert (row.u1, row.u8, row.u9, row.age, row.sex) == (3, 1, 4, Age.THIRTIES, None)


def test_nothing_in_the_database_leads_to_the_visit_or_can_be_read(served, send):
    send(form_of(text="Nama saya Siti, 081234567890."))

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM feedback_opinion")
        stored = " ".join(str(value) for value in cursor.fetchone())
    assert not any(word in stored for word in ("Siti", "0812", served.visit.token))
    assert len(Opinion.objects.get().mark) == 64


def test_the_second_answer_changes_nothing(served, send):
    send(form_of(4))
    again = send(form_of(1))

    assert "Terima kasih" in again.content.decode()
    assert Opinion.objects.get().u1 == 4


def test_the_database_has_the_last_word(hall):
    first = think(hall)
    first.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


@pytest.mark.parametrize("score", [0, 5])
def test_no_score_outside_of_one_to_four_is_kept(hall, score):
    opinion = think(hall)

    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=opinion.pk).update(u5=score)


def test_a_wrong_score_is_no_second_answer(served):
    with pytest.raises(IntegrityError), transaction.atomic():
        surveys.answer(served, Said(scores(5)), now=at(10))


def test_the_afternoon_is_the_other_half(served):
    surveys.answer(served, Said(scores()), now=at(12))

    assert Opinion.objects.get().half_day == HalfDay.AFTERNOON


def test_the_questions_are_asked_in_the_order_of_the_questionnaire(read, served):
    page = read(served)

    named = [field.name for field in page.context["form"].scores()]
    assert named == ["u1", "u2", "u3", "u4", "u5", "u6", "u7", "u9", "u8"]
    html = page.content.decode()
    assert html.index("sarana dan prasarana di sini") < html.index("masukan ditangani")
    assert "Dikelola dengan baik" in html


def test_a_question_left_out_is_asked_again_and_the_rest_is_kept(send):
    form = form_of(4, text="Baik sekali")
    del form["u6"]

    answer = send(form)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"u6"}
    assert "Baik sekali" in answer.content.decode()
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"u1": 5}, {"u1": "x"}, {"age": 99}, {"text": "a" * 501}],
    ids=str,
)
def test_what_is_no_answer_is_none(send, wrong):
    assert send(form_of(**wrong)).status_code == 422
    assert not Opinion.objects.exists()


def test_ends_of_lines_count_once(send):
    assert send(form_of(text="a\r\n" * 166 + "bc")).status_code == 200


def test_who_still_waits_is_not_asked(hall, read, client):
    waiting = last(hall.issue())

    assert "setelah Anda selesai dilayani" in read(waiting).content.decode()
    with time_machine.travel(at(9, 40), tick=False):
        answer = client.post(reverse("survey", args=[waiting.visit.token]), form_of())
    assert answer.status_code == 409
    assert not Opinion.objects.exists()


def test_who_was_never_served_is_not_asked(hall, read):
    pk = hall.issue()
    tickets.cancel(pk, now=at(9, 5), key=key())

    assert "Tidak ada layanan yang dinilai" in read(last(pk)).content.decode()


def test_after_a_week_it_is_too_late(served, send, read):
    late = at(9) + surveys.OPEN_FOR

    assert surveys.standing(served, now=late - timedelta(seconds=1)) == Standing.OPEN
    assert "sudah ditutup" in read(served, late).content.decode()
    with pytest.raises(NotAsked):
        surveys.answer(served, Said(scores()), now=late)


def test_the_page_is_private(read, served):
    page = read(served)

    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"


def test_a_guessed_link_opens_nothing(client):
    assert client.get("/antrean/" + "x" * 22 + "/survei/").status_code == 404


def test_a_served_ticket_leads_to_the_survey(client, hall, served):
    waiting = last(hall.issue())
    with time_machine.travel(at(9, 40), tick=False):
        done = client.get(reverse("ticket", args=[served.visit.token])).content.decode()
        open_ = client.get(reverse("ticket", args=[waiting.visit.token])).content.decode()

    assert reverse("survey", args=[served.visit.token]) in done
    assert "survei/" not in open_


def test_a_mark_needs_the_key(served, settings):
    before = surveys.mark_of(served.visit.token)
    settings.INDEX_KEY = "another key, long enough for everything"

    assert surveys.mark_of(served.visit.token) != before


def test_each_element_has_its_column():
    assert {each.field for each in Element} <= {field.name for field in Opinion._meta.fields}
