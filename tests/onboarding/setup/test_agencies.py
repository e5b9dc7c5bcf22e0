import pytest

from agencies.models import Agency, Category, Presence
from onboarding.setup.arranging import presences, queues
from onboarding.setup.arranging.presences import Detail, New
from onboarding.setup.arranging.queues import NewQueue, NewService, QueueAs, ServiceAs
from onboarding.setup.arranging.refusals import (
    ByAgreement,
    InUse,
    KnownAlready,
    LetterTaken,
    NotThere,
)
from services.models import CounterQueue, Queue, Service
from tests.onboarding.setup.recipes import make_admin, make_agency, make_mall
from tests.recipes import MONDAY, at, make_hall, make_queue, make_service

pytestmark = pytest.mark.django_db
Basis = Presence.Basis


@pytest.fixture
def mall():
    return make_mall()


@pytest.fixture
def by(mall):
    return make_admin(mall)


def new(name="Dinas Baru", category=Category.OPD, parent=None):
    return New(name, name[:40], category, parent)


def test_new_agencies_are_there_at_once(mall, by):
    presences.create(mall, [new(), new("Bank Baru", Category.BUMD)], by=by, now=at(9))

    found = dict(Presence.objects.values_list("agency__slug", "basis"))
    assert found == {"dinas-baru": Basis.DECREE, "bank-baru": Basis.AGREEMENT}


@pytest.mark.parametrize("names", [["dinas satu"], ["Dinas Dua", "DINAS DUA"]])
def test_an_agency_is_written_down_once(mall, by, names):
    make_agency(make_mall(slug="mpp-lain"))

    with pytest.raises(KnownAlready):
        presences.create(mall, [new(name) for name in names], by=by, now=at(9))

    assert Agency.objects.count() == 1


def test_two_names_that_look_alike_have_addresses_of_their_own(mall, by):
    presences.create(mall, [new("Dinas A/B"), new("Dinas A B")], by=by, now=at(9))

    assert set(Agency.objects.values_list("slug", flat=True)) == {"dinas-ab", "dinas-a-b"}


def test_joining_again_wakes_who_rested_and_counts_only_the_new(mall, by):
    presence = make_agency(mall)
    presences.switch(presence, is_active=False, by=by, now=at(9))

    assert presences.join(mall, [presence.agency], by=by, now=at(9)) == 1
    assert presences.join(mall, [presence.agency], by=by, now=at(9)) == 0
    assert Presence.objects.get().is_active


def test_an_agency_stays_while_people_wait_for_it(by):
    hall = make_hall()
    hall.issue()

    with pytest.raises(InUse, match="Masih ada orang"):
        presences.switch(hall.presence, is_active=False, by=by, now=at(9))

    assert Presence.objects.get().is_active


def test_details_are_kept_and_a_decree_goes_with_its_basis(mall, by):
    presence = make_agency(mall)
    detail = Detail(presence.pk, "Papan", "users", "Lantai 2", Basis.AGREEMENT, "SK 9")

    presences.describe(mall, [detail], by=by, now=at(9))

    presence.refresh_from_db()
    assert (presence.board_name, presence.basis, presence.decree) == ("Papan", "agreement", "")


def test_whom_a_signed_agreement_binds_is_not_there_by_decree(mall, by):
    from_agreement = make_agency(mall, basis=Basis.AGREEMENT)
    sign_for(from_agreement, by)
    detail = Detail(from_agreement.pk, "Papan", "users", "", Basis.DECREE, "SK 9")

    with pytest.raises(ByAgreement):
        presences.describe(mall, [detail], by=by, now=at(9))

    from_agreement.refresh_from_db()
    assert from_agreement.basis == Basis.AGREEMENT


def sign_for(presence, by):
    """A signed agreement with one term, as the register leaves it."""
    agreement = presence.mall.agreements.create(
        kind="cooperation",
        title="PKS",
        state="signed",
        from_date=MONDAY,
        signed_on=MONDAY,
        by=by,
        at=at(9),
    )
    return agreement.terms.create(presence=presence, from_date=MONDAY, weekdays=[0])


def test_agencies_of_another_mall_are_not_described_here(mall, by):
    foreign = make_agency(make_mall(slug="mpp-lain"))
    detail = Detail(foreign.pk, "Papan", "users", "", Basis.DECREE)

    with pytest.raises(NotThere):
        presences.describe(mall, [detail], by=by, now=at(9))


# Queues and services


def test_letters_are_proposed_in_order_without_those_misread(mall):
    presence = make_agency(mall)
    for letter in "ABCDEFGH":
        make_queue(presence, letter)
    free = queues.free_letters(mall)

    assert [next(free) for _each in range(14)] == [*"JKLNPRSTUVXYZ", "AA"]


def test_a_queue_and_its_services_come_together(mall, by):
    pk = make_agency(mall).pk
    wanted = [NewService(pk, "KTP-el, cetak", 10), NewService(pk, "KTP-el cetak", 5)]

    queues.add(mall, [NewQueue(pk, "A", "Umum")], wanted, by=by, now=at(9))

    found = dict(Service.objects.values_list("code", "queue__letter"))
    assert found == {"ktp-el-cetak": "A", "ktp-el-cetak-2": "A"}


@pytest.mark.parametrize(
    ("letter", "name", "refusal"),
    [("A", "Baru", LetterTaken), ("B", "layanan uji", KnownAlready)],
)
def test_all_or_nothing_is_added(by, letter, name, refusal):
    hall = make_hall()
    pk = hall.presence.pk

    with pytest.raises(refusal):
        queues.add(
            hall.mall,
            [NewQueue(pk, "C", "Satu"), NewQueue(pk, letter, "Dua")],
            [NewService(pk, name, 5)],
            by=by,
            now=at(9),
        )

    assert (Queue.objects.count(), Service.objects.count()) == (1, 1)


def test_a_service_needs_a_queue(mall, by):
    with pytest.raises(NotThere, match="Buat antreannya dahulu"):
        queues.add(mall, [], [NewService(make_agency(mall).pk, "KTP", 5)], by=by, now=at(9))


def test_a_new_queue_is_served_where_its_agency_is(by):
    hall = make_hall(counters=2)

    queues.add(hall.mall, [NewQueue(hall.presence.pk, "B", "Baru")], [], by=by, now=at(9))

    assert CounterQueue.objects.filter(queue__letter="B").count() == 2


def as_(letter="A", name="Antrean", quota=None, is_active=True):
    return QueueAs(letter, name, quota, is_active)


def test_two_queues_swap_their_letters(by):
    hall = make_hall()
    other = make_queue(hall.presence, "B")
    wanted = {hall.queue.pk: as_("B"), other.pk: as_("A")}

    queues.rearrange(hall.presence, wanted, {}, by=by, now=at(7))

    assert dict(Queue.objects.values_list("pk", "letter")) == {hall.queue.pk: "B", other.pk: "A"}


def test_a_letter_on_tickets_of_today_stays_until_tomorrow(by):
    hall = make_hall()
    hall.issue()

    with pytest.raises(InUse, match="sudah memberi nomor hari ini"):
        queues.rearrange(hall.presence, {hall.queue.pk: as_("Z")}, {}, by=by, now=at(9))

    assert Queue.objects.get().letter == "A"


def test_a_queue_in_which_people_wait_is_not_closed(by):
    hall = make_hall()
    hall.issue()
    wanted = {hall.queue.pk: as_(is_active=False)}

    with pytest.raises(InUse):
        queues.rearrange(hall.presence, wanted, {}, by=by, now=at(9))

    assert Queue.objects.get().is_active


def test_a_service_moves_to_another_queue_of_its_agency_only(by):
    hall, other = make_hall(), make_hall(slug="mpp-lain")
    wanted = ServiceAs("KTP", 15, other.queue.pk, True)

    with pytest.raises(NotThere):
        queues.rearrange(hall.presence, {}, {hall.service.pk: wanted}, by=by, now=at(9))


def test_a_service_is_renamed_unless_another_has_the_name(by):
    hall = make_hall()
    other = make_service(hall.queue, "Layanan dua")

    taken = ServiceAs("layanan DUA", 15, hall.queue.pk, True)
    with pytest.raises(KnownAlready):
        queues.rearrange(hall.presence, {}, {hall.service.pk: taken}, by=by, now=at(9))
    free = ServiceAs("Layanan tiga", 15, hall.queue.pk, False)
    queues.rearrange(hall.presence, {}, {other.pk: free}, by=by, now=at(9))

    other.refresh_from_db()
    assert (other.name, other.minutes, other.is_active) == ("Layanan tiga", 15, False)
