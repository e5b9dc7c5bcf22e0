"""A standard is written by one person, published by another, and then what citizens read."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from core.errors import Refused
from hall.models import HallEvent
from services import standards
from services.components import INTERNAL, Component, Content, Fee
from services.models import Fee as FeeRow
from services.models import Standard
from services.models import Variant as VariantRow
from services.standard_states import MOVES, Act, State
from services.standards import (
    ComponentsMissing,
    DecreeIncomplete,
    NotTheAuthor,
    OwnStandard,
    ReasonMissing,
    StandardChanged,
    WrongState,
)
from tests.recipes import at, make_hall
from tests.services.recipes import (
    DECREE,
    TEN_YEARS,
    WHOLE,
    WITH_VARIANT,
    drafted,
    published,
    submitted,
    writer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def author(hall):
    return writer(hall.presence)


@pytest.fixture
def reviewer(hall):
    return writer(hall.presence, Role.MALL_ADMIN)


def acts():
    return list(
        HallEvent.objects.filter(act__startswith="standard")
        .order_by("version")
        .values_list("act", flat=True)
    )


# --- Drafts ----------------------------------------------------------------------------------


def test_the_first_draft_begins_with_what_the_service_shows(hall, author):
    FeeRow.objects.create(service=hall.service, name="Penerbitan", amount=10_000)
    hall.service.product = "Kartu"

    row = standards.draft(hall.service, by=author, now=at(8))

    content = standards.content_of(row)
    assert (row.version, row.state, row.author) == (1, State.DRAFT, author)
    assert [str(each) for each in content.requirements] == ["KTP-el (Asli)"]
    assert content.fees == (Fee("Penerbitan", Decimal(10_000)),)
    assert content.product == "Kartu"


def test_a_second_version_begins_with_the_published_one(hall, author, reviewer):
    published(hall.service, WITH_VARIANT, by=author, reviewer=reviewer)

    row = standards.draft(hall.service, by=reviewer, now=at(9))

    assert (row.version, row.author) == (2, reviewer)
    assert standards.content_of(row) == WITH_VARIANT


def test_a_draft_that_is_there_is_not_begun_again(hall, author, reviewer):
    first = drafted(hall.service, by=author)

    again = standards.draft(hall.service, by=reviewer, now=at(9))

    assert (again, again.author) == (first, author)
    assert Standard.objects.count() == 1


def test_what_was_not_seen_is_not_overwritten(hall, author, reviewer):
    row = standards.draft(hall.service, by=author, now=at(8))
    known = standards.seen(row)
    standards.save(row, WHOLE, known=known, by=author, now=at(8))

    with pytest.raises(StandardChanged):
        standards.save(row, Content(), known=known, by=reviewer, now=at(9))

    row.refresh_from_db()
    assert (standards.content_of(row), row.author) == (WHOLE, author)


def test_whoever_writes_last_is_the_author_and_judges_no_more(hall, author, reviewer):
    row = submitted(hall.service, by=author)
    known = standards.seen(row)
    standards.send_back(row, remark="Perbaiki.", known=known, by=reviewer, now=at(9))
    row.refresh_from_db()

    standards.save(row, WITH_VARIANT, known=standards.seen(row), by=reviewer, now=at(9))

    row.refresh_from_db()
    assert (row.author, row.reviewer) == (reviewer, None)


# --- The moves -------------------------------------------------------------------------------


@pytest.mark.parametrize("component", Component)
def test_each_component_must_be_there_to_hand_it_in(hall, author, component):
    empty = replace(WHOLE, **{component: getattr(Content(), component)})
    row = drafted(hall.service, empty, by=author)

    with pytest.raises(ComponentsMissing, match=str(component.label)):
        standards.submit(row, by=author, now=at(9))

    row.refresh_from_db()
    assert row.state == State.DRAFT


def test_a_returned_version_goes_back_with_a_remark_and_may_be_handed_in_again(
    hall, author, reviewer
):
    row = submitted(hall.service, by=author)
    known = standards.seen(row)

    standards.send_back(row, remark="Biaya belum benar.", known=known, by=reviewer, now=at(9))
    row.refresh_from_db()
    assert (row.state, row.remark, row.reviewer) == (State.DRAFT, "Biaya belum benar.", reviewer)

    standards.submit(row, by=author, now=at(10))
    row.refresh_from_db()
    assert (row.state, row.remark, row.reviewer) == (State.REVIEW, "", None)


def test_the_author_takes_it_back_and_nobody_else_does(hall, author, reviewer):
    row = submitted(hall.service, by=author)

    with pytest.raises(NotTheAuthor):
        standards.take_back(row, by=reviewer, now=at(9))
    standards.take_back(row, by=author, now=at(9))

    row.refresh_from_db()
    assert (row.state, row.reviewer) == (State.DRAFT, None)


JUDGES = [
    lambda row, known, by: standards.publish(row, DECREE, known=known, by=by, now=at(9)),
    lambda row, known, by: standards.send_back(row, remark="Baik.", known=known, by=by, now=at(9)),
]


@pytest.mark.parametrize("judge", JUDGES)
def test_nobody_judges_what_they_wrote(hall, author, judge):
    row = submitted(hall.service, by=author)

    with pytest.raises(OwnStandard):
        judge(row, standards.seen(row), author)

    row.refresh_from_db()
    assert (row.state, row.reviewer) == (State.REVIEW, None)


@pytest.mark.parametrize("judge", JUDGES)
def test_nobody_judges_what_they_have_not_seen(hall, author, reviewer, judge):
    row = submitted(hall.service, by=author)
    known = standards.seen(row)
    standards.take_back(row, by=author, now=at(8, 40))
    submitted(hall.service, WITH_VARIANT, by=author, now=at(8, 50))

    with pytest.raises(StandardChanged, match="baca lagi"):
        judge(row, known, reviewer)

    row.refresh_from_db()
    assert (row.state, row.reviewer) == (State.REVIEW, None)


def test_the_database_knows_the_four_eyes_too(hall, author):
    row = submitted(hall.service, by=author)

    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.filter(pk=row.pk).update(reviewer=author)


@pytest.mark.parametrize("blank", ["number", "signatory", "position"])
def test_nothing_is_published_without_a_whole_decree(hall, author, reviewer, blank):
    row = submitted(hall.service, by=author)
    decree, known = replace(DECREE, **{blank: "  "}), standards.seen(row)

    with pytest.raises(DecreeIncomplete):
        standards.publish(row, decree, known=known, by=reviewer, now=at(9))

    hall.service.refresh_from_db()
    assert hall.service.product == ""


ACTS = {
    Act.SUBMIT: lambda row, author, other: standards.submit(row, by=author, now=at(9)),
    Act.RETURN: lambda row, author, other: standards.send_back(
        row, remark="Lagi.", known=standards.seen(row), by=other, now=at(9)
    ),
    Act.PUBLISH: lambda row, author, other: standards.publish(
        row, DECREE, known=standards.seen(row), by=other, now=at(9)
    ),
    Act.DISCARD: lambda row, author, other: standards.discard(
        row, reason="Keliru.", by=author, now=at(9)
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", State)
def test_every_move_from_every_state(hall, author, reviewer, act, state):
    row = submitted(hall.service, by=author)
    official = {"decree_number": "1", "decree_date": DECREE.on, "published_at": at(8)}
    Standard.objects.filter(pk=row.pk).update(state=state, reviewer=reviewer, **official)

    if state == MOVES[act].origin:
        ACTS[act](row, author, reviewer)
    else:
        with pytest.raises(WrongState):
            ACTS[act](row, author, reviewer)

    row.refresh_from_db()
    assert row.state == (MOVES[act].target if state == MOVES[act].origin else state)


@pytest.mark.parametrize("state", [each for each in State if each != State.DRAFT])
def test_only_a_draft_is_written_on(hall, author, reviewer, state):
    row = submitted(hall.service, by=author)
    official = {"decree_number": "1", "decree_date": DECREE.on, "published_at": at(8)}
    Standard.objects.filter(pk=row.pk).update(state=state, reviewer=reviewer, **official)
    row.refresh_from_db()

    with pytest.raises(WrongState):
        standards.save(row, Content(), known=standards.seen(row), by=author, now=at(9))


def test_a_draft_is_given_up_with_a_reason_and_its_number_stays_used(hall, author, reviewer):
    published(hall.service, by=author, reviewer=reviewer)
    row = drafted(hall.service, Content(product="Keliru"), by=author)

    with pytest.raises(ReasonMissing):
        standards.discard(row, reason="  ", by=reviewer, now=at(9))
    standards.discard(row, reason=" Salah layanan. ", by=reviewer, now=at(9))

    row.refresh_from_db()
    assert (row.state, row.remark, row.decided_at) == (State.DISCARDED, "Salah layanan.", at(9))
    event = HallEvent.objects.get(act="standard.discarded")
    assert (event.by, event.detail) == (reviewer, "v2")
    anew = standards.draft(hall.service, by=author, now=at(10))
    assert (anew.version, standards.content_of(anew).product) == (3, WHOLE.product)


# --- Publishing ------------------------------------------------------------------------------


def test_what_is_published_is_what_the_service_shows(hall, author, reviewer):
    hall.service.example_fields = ["fees", "requirements", "name"]
    hall.service.save()

    row = published(hall.service, WITH_VARIANT, by=author, reviewer=reviewer)

    hall.service.refresh_from_db()
    nothing = {str(each): () for each in INTERNAL}  # of which a service shows nothing
    assert standards.shown_by(hall.service) == replace(WITH_VARIANT, **nothing)
    assert hall.service.example_fields == ["name"]
    assert (row.state, row.reviewer, row.published_at) == (State.PUBLISHED, reviewer, at(8, 30))
    assert (row.decree_number, row.signatory) == (DECREE.number, DECREE.signatory)
    ten = VariantRow.objects.get()
    assert (ten.name, ten.fees.get().amount) == ("10 tahun", 650_000)
    assert acts() == [
        *("standard.begun", "standard.saved", "standard.submitted", "standard.published")
    ]


def test_a_new_version_replaces_the_one_before_which_stays_readable(hall, author, reviewer):
    first = published(hall.service, WITH_VARIANT, by=author, reviewer=reviewer)
    second = published(hall.service, WHOLE, by=reviewer, reviewer=author, now=at(10))

    first.refresh_from_db()
    assert (first.state, first.replaced_at) == (State.REPLACED, at(10))
    assert standards.content_of(first).variants == (TEN_YEARS,)
    assert (second.version, second.state) == (2, State.PUBLISHED)
    assert not VariantRow.objects.exists()
    assert FeeRow.objects.count() == 2


def test_if_publishing_fails_nothing_of_it_is_seen(hall, author, reviewer, monkeypatch):
    first = published(hall.service, by=author, reviewer=reviewer)
    row = submitted(hall.service, replace(WHOLE, product="Lain"), by=author, now=at(9))
    monkeypatch.setattr(standards, "_record", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        standards.publish(row, DECREE, known=standards.seen(row), by=reviewer, now=at(10))

    hall.service.refresh_from_db()
    first.refresh_from_db()
    row.refresh_from_db()
    assert (hall.service.product, first.state, row.state) == (
        *("Paspor", State.PUBLISHED, State.REVIEW),
    )


@pytest.mark.parametrize("state", State)
def test_a_refused_move_says_how_the_version_stands(state):
    refusal = standards._no_move(Standard(state=state))

    assert isinstance(refusal, Refused)
    assert (refusal.code, str(refusal)[-1]) == ("standard_state", ".")
