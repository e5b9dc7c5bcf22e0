"""A word for the next agency and papers not brought: who writes them, who reads them, and when."""

import pytest
from django.urls import reverse
from model_bakery import baker

from agencies.models import Counter, CounterDay
from core import memo
from core.idempotency import KeyReused
from core.models import Answer
from core.proof import Scope
from queueing import consoles, desks, invariants, notes, tickets
from queueing.models import Note, Shortfall, Ticket
from queueing.refusals import (
    NotAtDesk,
    NotOffered,
    NotRequired,
    PersonalData,
    TextMissing,
    TextTooLong,
    WrongState,
)
from queueing.states import State
from services.models import CounterQueue
from tests.queueing.desks import look, press
from tests.recipes import (
    at,
    key,
    make_hall,
    make_officer,
    make_presence,
    make_queue,
    make_service,
    ticket,
)

pytestmark = pytest.mark.django_db
TEXT = "Akta sudah dicetak, tinggal paspor."


@pytest.fixture
def hall():
    """Two agencies with a counter each; somebody is being served at the first."""
    hall = make_hall(counters=2)
    presence = make_presence(hall.mall, "Kantor Imigrasi Uji")
    queue = make_queue(presence, "B")
    counter = baker.make(Counter, mall=hall.mall, number="9")
    baker.make(CounterDay, counter=counter, presence=presence, weekday=0)
    baker.make(CounterQueue, counter=counter, queue=queue, rank=None)
    hall.extra["service"] = make_service(queue, "Paspor")
    hall.service.requirements = [
        {"text": "KTP-el", "note": "Asli"},
        {"text": "Kartu Keluarga", "note": ""},
    ]
    hall.service.save()
    hall.counters.append(counter)
    hall.officers.append(make_officer(presence))
    memo.clear_all()
    desks.open_(counter, by=hall.officers[2], now=at(8))
    hall.extra["first"] = serve(hall)
    return hall


@pytest.fixture
def officer(client, hall):
    client.force_login(hall.officer)
    return client


def serve(hall, seat=0, now=None):
    hall.issue(now=now or at(8, 30))
    called = hall.call(seat=seat, now=now)
    hall.act(tickets.serve, called, seat=seat, now=now)
    return called


def write(hall, text=TEXT, *, seat=0, now=None, of=None):
    return hall.act(notes.add, of or hall.extra["first"], text=text, seat=seat, now=now)


def pass_on(hall, **more):
    """To the other agency, where the person is called."""
    hall.act(
        notes.transfer,
        hall.extra["first"],
        service_id=hall.extra["service"].pk,
        **{"text": ""} | more,
    )
    return hall.call(seat=2, now=at(9, 30))


def page_of(client, hall, seat=0, now=None):
    client.force_login(hall.officers[seat])
    return look(client, hall.counters[seat], now=now or at(9, 31)).content.decode()


def green():
    return [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


def test_the_next_agency_reads_the_note_with_its_agency_counter_and_time(client, hall):
    pass_on(hall, text=TEXT, now=at(9, 14))

    page = page_of(client, hall, seat=2)

    assert TEXT in page
    assert "Dinas Uji, Loket 1, 09.14 WIB" in page
    assert green()


def test_a_note_is_read_only_while_its_visit_is_at_the_counter(client, hall):
    write(hall)
    hall.act(notes.transfer, hall.extra["first"], text="", service_id=hall.extra["service"].pk)
    assert TEXT not in page_of(client, hall, seat=2, now=at(9, 29))  # it waits in the line
    called = hall.call(seat=2, now=at(9, 30))
    assert TEXT in page_of(client, hall, seat=2)

    hall.act(tickets.serve, called, seat=2, now=at(9, 31))
    hall.act(tickets.hold, called, seat=2, now=at(9, 32))
    assert TEXT not in page_of(client, hall, seat=2, now=at(9, 33))
    hall.act(tickets.resume, called, seat=2, now=at(9, 34))
    assert TEXT in page_of(client, hall, seat=2, now=at(9, 35))
    hall.act(tickets.serve, called, seat=2, now=at(9, 35))
    hall.act(tickets.finish, called, seat=2, now=at(9, 36))
    assert TEXT not in page_of(client, hall, seat=2, now=at(9, 37))


def test_a_note_of_one_visit_is_not_shown_with_another(client, hall):
    write(hall)
    hall.issue()
    hall.call(seat=1)

    assert TEXT not in page_of(client, hall, seat=1)


def test_whoever_only_looks_on_does_not_read_it(client, hall):
    write(hall)
    colleague = make_officer(hall.presence)
    client.force_login(colleague)

    assert TEXT not in look(client, hall.counter).content.decode()


def test_no_other_page_shows_a_note(client, hall):
    pass_on(hall, text=TEXT)
    token = ticket(hall.extra["first"]).visit.token
    slug = hall.mall.slug
    pages = ["home", "mall", "board", "services", "ticket", "api_queues", "api_board"]

    shown = {
        name: client.get(reverse(name, args={"home": [], "ticket": [token]}.get(name, [slug])))
        for name in pages
    }

    assert {name: answer.status_code for name, answer in shown.items()} == dict.fromkeys(pages, 200)
    assert [name for name, answer in shown.items() if TEXT in answer.content.decode()] == []


def test_the_same_key_twice_is_one_note(hall):
    same, first = key(), hall.extra["first"]
    by = {"counter": hall.counter, "by": hall.officer, "now": at(9), "key": same}

    answers = [notes.add(first, TEXT, **by) for _tap in range(2)]

    assert answers == [Note.objects.get().pk] * 2
    with pytest.raises(KeyReused):
        notes.add(first, "Lain", **by)
    assert Note.objects.count() == 1
    assert green()


def test_a_double_tap_on_the_console_is_one_note_and_one_transfer(officer, hall):
    first, same = hall.extra["first"], key()
    form = {"ticket": first, "key": same, "text": TEXT, "service": hall.extra["service"].pk}

    answers = [press(officer, hall.counter, "alihkan", **form) for _tap in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Note.objects.count() == 1
    assert Ticket.objects.filter(came_from=first).count() == 1
    assert green()


def test_the_answer_kept_for_retries_does_not_repeat_the_words(hall):
    write(hall)

    answer = Answer.objects.get(scope=f"note:{hall.extra['first']}")

    assert TEXT.split()[0] not in f"{answer.fingerprint} {answer.body}"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", TextMissing),
        (" \n\t\u200b\x00", TextMissing),
        ("a" * 201, TextTooLong),
        ("NIK 3216051203900001", PersonalData),
        ("0812 3456 7890", PersonalData),
        ("+62 (812) 3456-7890", PersonalData),
        ("HP 081234567890 istri", PersonalData),
        ("32.16.05.120390.0001", PersonalData),
        ("08123\u200b45678\x0090", PersonalData),
        ("٠٨١٢٣٤٥٦٧٨٩٠", PersonalData),
        ("0812 – 3456 – 7890", PersonalData),
    ],
)
def test_what_no_note_may_be(hall, text, refusal):
    with pytest.raises(refusal):
        write(hall, text)
    assert (Note.objects.count(), Answer.objects.filter(scope__startswith="note").count()) == (0, 0)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a" * 200, "a" * 200),
        ("  dua \n baris  ", "dua baris"),
        ("Berkas 123456789", "Berkas 123456789"),
        ("Kembali 12-03-2026 10.30, loket 14", "Kembali 12-03-2026 10.30, loket 14"),
        ("Bayar Rp1.250.000, sisa Rp350.000", "Bayar Rp1.250.000, sisa Rp350.000"),
        ("<b>{{ 7 }}</b>", "<b>{{ 7 }}</b>"),
    ],
)
def test_what_a_note_may_be(hall, text, kept):
    write(hall, text)
    assert Note.objects.get().text == kept


def test_only_whoever_serves_the_person_writes(hall):
    first = hall.extra["first"]
    called = serve(hall, seat=1)
    hall.issue()
    with pytest.raises(NotAtDesk):
        notes.add(first, TEXT, counter=hall.counter, by=hall.officers[1], now=at(9), key=key())
    with pytest.raises(WrongState):
        write(hall, of=called)  # at the neighbour's
    hall.act(tickets.finish, first)
    with pytest.raises(WrongState):
        write(hall)
    next_one = hall.call()
    with pytest.raises(WrongState):
        write(hall, of=next_one)  # called, but not there yet

    assert Note.objects.count() == 0


def test_a_transfer_and_its_note_are_both_or_neither(hall):
    first = hall.extra["first"]
    with pytest.raises(PersonalData):
        pass_on(hall, text="081234567890")
    with pytest.raises(NotOffered):
        hall.act(notes.transfer, first, text=TEXT, service_id=999_999)

    assert ticket(first).state == State.SERVING
    assert Note.objects.count() == 0


def test_a_transfer_without_words_has_no_note(hall):
    pass_on(hall, text=" \u200b")

    assert ticket(hall.extra["first"]).state == State.TRANSFERRED
    assert Note.objects.count() == 0


def test_a_refused_note_is_a_sentence_on_the_console(officer, hall):
    form = {"ticket": hall.extra["first"], "text": "NIK 3216051203900001"}

    answer = press(officer, hall.counter, "catat", **form)

    assert (answer.status_code, answer["X-Refusal"]) == (422, "personal_data")
    assert "Catatan tidak boleh memuat NIK" in answer.content.decode()
    assert Note.objects.count() == 0


def test_a_missing_paper_is_recorded_and_taken_back(officer, hall):
    first = hall.extra["first"]
    press(officer, hall.counter, "berkas", ticket=first, missing="Kartu Keluarga")
    answer = press(officer, hall.counter, "berkas", ticket=first, missing="Kartu Keluarga")

    kept = Shortfall.objects.get()
    assert (kept.ticket_id, kept.requirement, kept.by) == (first, "Kartu Keluarga", hall.officer)
    papers = answer.context["console"].papers
    assert [(paper.text, paper.is_missing) for paper in papers] == [
        ("KTP-el", False),
        ("Kartu Keluarga", True),
    ]
    press(officer, hall.counter, "berkas", ticket=first, here="Kartu Keluarga")
    assert Shortfall.objects.count() == 0
    assert green()


def test_what_the_service_does_not_ask_for_cannot_be_missing(hall):
    by = {"counter": hall.counter, "by": hall.officer, "now": at(9)}
    with pytest.raises(NotRequired):
        notes.mark_missing(hall.extra["first"], "Surat lain", **by)
    assert Shortfall.objects.count() == 0


def test_a_long_requirement_is_kept_as_far_as_it_fits(hall):
    hall.service.requirements = [{"text": "a" * 300, "note": ""}]
    hall.service.save()
    by = {"counter": hall.counter, "by": hall.officer, "now": at(9)}

    notes.mark_missing(hall.extra["first"], notes.required(hall.service)[0], **by)

    assert Shortfall.objects.get().requirement == "a" * 200


def test_the_officers_own_figures_count_people_not_papers(officer, hall):
    for paper in ("KTP-el", "Kartu Keluarga"):
        press(officer, hall.counter, "berkas", ticket=hall.extra["first"], missing=paper)
    hall.act(tickets.finish, hall.extra["first"])
    second = serve(hall, seat=0)
    press(officer, hall.counter, "berkas", ticket=second, missing="KTP-el")

    page = look(officer, hall.counter).content.decode()

    assert "Berkas kurang <b>2 orang</b>" in page
    neighbour = consoles.console(hall.counters[1], reader=hall.officers[1], now=at(9))
    assert neighbour.without_papers == 0


def test_a_service_that_asks_for_nothing_has_no_list(officer, hall):
    hall.service.requirements = []
    hall.service.save()

    page = look(officer, hall.counter).content.decode()

    assert ("/berkas/" in page, "/catat/" in page) == (False, True)


@pytest.mark.parametrize("act", ["catat", "berkas"])
def test_a_stranger_writes_nothing(client, hall, act):
    form = {"ticket": hall.extra["first"], "text": TEXT, "missing": "KTP-el"}
    client.force_login(hall.officers[2])  # of another agency of the mall

    assert press(client, hall.counter, act, **form).status_code == 404
    assert press(client, hall.counters[2], act, **form).status_code == 404
    assert (Note.objects.count(), Shortfall.objects.count()) == (0, 0)


@pytest.mark.parametrize("act", ["catat", "berkas"])
def test_a_colleague_who_does_not_sit_there_writes_nothing(client, hall, act):
    form = {"ticket": hall.extra["first"], "text": TEXT, "missing": "KTP-el"}
    client.force_login(make_officer(hall.presence))

    assert press(client, hall.counter, act, **form).status_code == 409
    assert (Note.objects.count(), Shortfall.objects.count()) == (0, 0)


@pytest.mark.parametrize("count", [1, 30])
def test_the_console_takes_the_same_queries_however_much_was_written(
    officer, hall, count, django_assert_num_queries
):
    hall.service.requirements = [{"text": f"Surat {n}", "note": ""} for n in range(count)]
    hall.service.save()
    for number in range(count):
        write(hall, f"Catatan {number}")
        by = {"counter": hall.counter, "by": hall.officer, "now": at(9)}
        notes.mark_missing(hall.extra["first"], f"Surat {number}", **by)
    look(officer, hall.counter)

    with django_assert_num_queries(17):
        page = look(officer, hall.counter).content.decode()
    assert page.count('class="said"') == count


def test_the_proof_finds_a_note_without_a_key_and_a_key_without_a_note(hall):
    for change in (
        lambda: Note.objects.create(
            visit=ticket(hall.extra["first"]).visit,
            counter=hall.counter,
            by=hall.officer,
            at=at(9),
            text=TEXT,
        ),
        lambda: Answer.objects.create(
            scope=f"note:{hall.extra['first']}",
            key=key(),
            fingerprint="note",
            body=999_999,
            created_at=at(9),
        ),
    ):
        assert green()
        added = change()
        found = [verdict for verdict in invariants.verify(Scope()) if verdict.breaches]
        assert [verdict.id for verdict in found] == ["I6"]
        assert TEXT not in " ".join(found[0].examples)
        added.delete()


def test_the_proof_finds_a_note_answered_twice(hall):
    write(hall)
    answer = Answer.objects.get(scope__startswith="note")
    answer.pk, answer.key = None, key()
    answer.save()

    assert [v.id for v in invariants.verify(Scope()) if v.breaches] == ["I6"]
