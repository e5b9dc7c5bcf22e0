"""Staff see the complaints they have to answer, what is late first, and answer them once."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from feedback import complaints
from feedback.models import Complaint, ComplaintEvent
from feedback.states import Kind, State
from tests.feedback.conftest import appoint
from tests.feedback.recipes import ANSWER, REACH, TEXT, answered, complain, do, stored
from tests.recipes import MONDAY, at, make_hall, make_officer, make_presence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
LIST = reverse("staff_complaints")


@pytest.fixture
def read(client):
    def get(user, address=LIST, now=None):
        client.force_login(user)
        with time_machine.travel(now or at(11), tick=False):
            return client.get(address)

    return get


@pytest.fixture
def press(client):
    def post(user, complaint, act, **form):
        client.force_login(user)
        address = reverse("staff_complaint_act", args=[complaint.pk, act])
        with time_machine.travel(at(11), tick=False):
            return client.post(address, {"key": uuid4(), **form})

    return post


def page_of(complaint):
    return reverse("staff_complaint", args=[complaint.pk])


def shown(answer):
    return [row.complaint for row in answer.context["rows"]]


def test_the_house_sees_all_of_its_mall_and_nothing_else(hall, admin, read):
    first, second = complain(hall), complain(hall, presence=hall.presence)
    complain(make_hall(slug="mpp-lain"))

    assert shown(read(admin)) == [first, second]


def test_an_agency_sees_its_own(hall, supervisor, read):
    complain(hall)
    mine = complain(hall, presence=hall.presence)
    complain(hall, presence=make_presence(hall.mall, "Dinas lain"))

    assert shown(read(supervisor)) == [mine]
    assert shown(read(make_officer(hall.presence, Role.AGENCY_ADMIN))) == [mine]


def strangers(hall):
    other = make_hall(slug="mpp-lain")
    return {
        "counter officer": hall.officer,
        "other agency": make_officer(make_presence(hall.mall, "Dinas lain"), Role.SUPERVISOR),
        "other mall": appoint(Role.MALL_ADMIN, mall=other.mall),
        "ministry": appoint(Role.MINISTRY_MONITOR),
        "operator": appoint(Role.OPERATOR),
    }


def test_strangers_get_nothing_and_change_nothing(hall, read, press):
    complaint = complain(hall, presence=hall.presence, name="Siti", reach=REACH)
    before = list(ComplaintEvent.objects.values()), list(Complaint.objects.values())

    for who, user in strangers(hall).items():
        assert read(user, page_of(complaint)).status_code == 404, who
        for act in ("ambil", "jawab", "teruskan", "tolak", "tutup", "periksa"):
            answer = press(user, complaint, act, text=ANSWER, agency=hall.presence.pk)
            assert answer.status_code == 404, (who, act)
        seen = read(user)
        assert seen.status_code == 404 or shown(seen) == [], who

    after = list(ComplaintEvent.objects.values()), list(Complaint.objects.values())
    assert after == before


def test_the_page_shows_the_words_and_of_the_person_a_mask(hall, admin, read):
    html = read(admin, page_of(complain(hall, name="Siti Aminah", reach=REACH))).content.decode()

    assert TEXT in html
    assert "S••• A•••••" in html
    assert not any(word in html for word in ("Siti", "81234567890"))


def test_no_list_shows_what_somebody_wrote(hall, admin, read):
    complain(hall, name="Siti Aminah", reach=REACH)

    html = read(admin).content.decode()
    assert not any(word in html for word in (TEXT[:20], "Siti", "S•••", "7890"))


def test_what_is_late_is_first_and_said(hall, admin, read):
    long = complain(hall)
    short = complain(hall, kind=Kind.INFORMATION)
    done = answered(complain(hall), by=admin)

    page = read(admin, f"{LIST}?keadaan=semua", now=at(9, on=MONDAY.replace(day=17)))

    assert shown(page) == [short, long, done]
    assert [row.is_late for row in page.context["rows"]] == [True, False, False]
    assert page.content.decode().count("Lewat tenggat") == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [State.RECEIVED, State.IN_WORK]),
        ("?keadaan=dijawab", [State.ANSWERED]),
        ("?keadaan=selesai", [State.CLOSED]),
        ("?jenis=2", []),
        ("?jenis=1&keadaan=nonsens", [State.RECEIVED, State.IN_WORK]),
    ],
)
def test_the_list_is_filtered(hall, admin, read, query, found):
    complain(hall)
    do(complaints.take, complain(hall), by=admin)
    answered(complain(hall), by=admin)
    do(complaints.close, answered(complain(hall), by=admin), by=admin)

    assert [each.state for each in shown(read(admin, LIST + query))] == found


def test_from_receipt_to_the_end(hall, admin, supervisor, press):
    complaint = complain(hall)

    press(admin, complaint, "teruskan", agency=hall.presence.pk)
    press(supervisor, complaint, "ambil")
    press(supervisor, complaint, "jawab", text=ANSWER)
    press(admin, complaint, "tutup")

    assert stored(complaint.pk).state == State.CLOSED
    assert [event.by for event in complaint.events.order_by("pk")] == [
        *(None, admin, supervisor, supervisor, admin)
    ]


def test_who_hands_it_to_another_agency_goes_back_to_the_list(hall, supervisor, press):
    other = make_presence(hall.mall, "Dinas lain")
    complaint = complain(hall, presence=hall.presence)

    answer = press(supervisor, complaint, "teruskan", agency=other.pk)

    assert answer.url == LIST
    assert stored(complaint.pk).presence == other


def test_an_agency_of_another_mall_is_none(hall, admin, press):
    other = make_hall(slug="mpp-lain")

    answer = press(admin, complain(hall), "teruskan", agency=other.presence.pk)

    assert answer.status_code == 422
    assert "Pilih instansi di mal ini." in answer.content.decode()


@pytest.mark.parametrize("act", ["jawab", "tolak"])
def test_an_answer_needs_words_and_keeps_those_typed(hall, admin, press, act):
    complaint = do(complaints.take, complain(hall), by=admin)

    answer = press(admin, complaint, act, text="Sudah, ya.")

    assert answer.status_code == 422
    assert "Sudah, ya.</textarea>" in answer.content.decode()
    assert stored(complaint.pk).state == State.IN_WORK


def test_what_the_table_does_not_have_is_refused(hall, admin, press):
    answer = press(admin, complain(hall), "tutup")

    assert (answer.status_code, answer["X-Refusal"]) == (409, "wrong_state")


def test_there_are_no_other_buttons(hall, admin, press):
    assert press(admin, complain(hall), "hapus").status_code == 404


def test_a_page_offers_what_the_table_has(hall, admin, read):
    complaint = do(complaints.take, complain(hall), by=admin)

    assert read(admin, page_of(complaint)).context["possible"] == {
        *("inquire", "forward", "answer", "dismiss")
    }


def test_staff_find_the_way_from_their_own_page(admin, supervisor, ministry, read):
    found = [LIST in read(user, "/petugas/").content.decode() for user in (admin, supervisor)]

    assert found == [True, True]
    html = read(ministry, "/petugas/").content.decode()
    assert LIST not in html
    assert reverse("staff_satisfaction") in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    hall, admin, read, client, count, django_assert_num_queries
):
    for _each in range(count):
        complain(hall, presence=hall.presence, service=hall.service, reach=REACH)
    read(admin)

    with django_assert_num_queries(6), time_machine.travel(at(11), tick=False):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_much_happened(
    hall, admin, read, client, count, django_assert_num_queries
):
    complaint = complain(hall, reach=REACH)
    for _each in range(count):
        do(complaints.forward, complaint, hall.presence, by=admin)
    read(admin, page_of(complaint))

    with django_assert_num_queries(10), time_machine.travel(at(11), tick=False):
        client.get(page_of(complaint))


def test_a_long_list_has_pages(hall, admin, read, monkeypatch):
    monkeypatch.setattr("feedback.views.handling.ROWS", 2)
    for _each in range(3):
        complain(hall)

    first, last = read(admin), read(admin, f"{LIST}?hal=99")

    assert (len(shown(first)), len(shown(last))) == (2, 1)
    assert "hal=2" in first.content.decode()
