"""How a document comes about: begun anew or from another one, then filled in part by part."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.agreement_states import Recorded
from agencies.models import Agreement, Mall, Party, Presence, Term
from onboarding.agreements import fingerprints, promises, register
from onboarding.agreements.register import ChangedMeanwhile, Document, Promised, Signatory

DAY = timedelta(days=1)
HEAD = "head"
UNSEEN: Mapping[str, str] = {}  # nobody looked at it in a form


@dataclass(frozen=True)
class Head:
    """What a document is, and which agencies are parties to it."""

    kind: Agreement.Kind
    title: str
    from_date: date
    until_date: date | None
    amends_id: int | None
    renews_id: int | None
    renewal_terms: str
    agencies: tuple[int, ...]


class PartsChanged(ChangedMeanwhile):
    """What somebody fills in says something else by now; `parts` are the names of these parts."""

    def __init__(self, parts: Collection[str]) -> None:
        super().__init__(
            _(
                "Draf ini berubah sejak halaman ini dibuka, misalnya oleh petugas lain. Isian Anda"
                " tetap di bawah. Periksa yang ditandai, lalu simpan lagi untuk menggantinya."
            )
        )
        self.parts = frozenset(parts)


@transaction.atomic
def change(
    draft: Agreement, how: Callable[[Document], Document], *, seen: Mapping[str, str] = UNSEEN
) -> None:
    """Write a draft anew, made from what it says now. Raises WrongState and Incomplete.

    `seen` is what the parts said to whoever fills them in, as `names_of` has it, and nothing for
    those they saw empty. Raises PartsChanged where one of them says something else.
    """
    # Two who fill in different agencies wait in line here: neither loses what the other wrote.
    found = Agreement.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    was = document_of(found)
    said = names_of(was)
    if stale := {part for part, name in seen.items() if said.get(part, "") != name}:
        raise PartsChanged(stale)
    register.redraft(found, how(was))


def names_of(document: Document) -> dict[str, str]:
    """A short name for what each part says: the head, each party, the content of each agency."""
    same = ("kind", "title", "from_date", "until_date", "amends_id", "renews_id", "renewal_terms")
    agencies = sorted(each.agency_id or 0 for each in document.parties)
    said: dict[str, object] = {HEAD: [agencies, *(getattr(document, name) for name in same)]}
    said |= {party_part(each.agency_id): astuple(each) for each in document.parties}
    said |= {content_part(each.presence_id): _in_order(each) for each in document.promises}
    return {part: fingerprints.of_value(what) for part, what in said.items()}


def party_part(agency_id: int | None) -> str:
    """What the part of a party is called."""
    return f"p{agency_id or 0}"


def content_part(presence_id: int) -> str:
    """What the part of the content of an agency is called."""
    return f"i{presence_id}"


def _in_order(promised: Promised) -> tuple[object, ...]:
    services = None if promised.services is None else tuple(sorted(promised.services))
    counters = tuple(sorted(promised.counters))
    return astuple(replace(promised, counters=counters, services=services))


def blank(today: date) -> Document:
    """A new document as its form first shows it."""
    return Document(Agreement.Kind.COOPERATION, "", today, None)


def document_of(agreement: Agreement) -> Document:
    """What a document says."""
    rows = agreement.terms.order_by("presence__board_name", "pk")
    return Document(
        kind=Agreement.Kind(agreement.kind),
        title=agreement.title,
        from_date=agreement.from_date,
        until_date=agreement.until_date,
        amends_id=agreement.amends_id,
        renews_id=agreement.renews_id,
        renewal_terms=agreement.renewal_terms,
        parties=tuple(_signatory(party) for party in agreement.parties.all()),
        promises=_promised(
            rows.order_by("presence__board_name", "pk").values_list("pk", flat=True)
        ),
    )


def copy_of(other: Agreement, *, today: date) -> Document:
    """The same parties and content, from today on; numbers are given anew."""
    found = document_of(other)
    return replace(_unnumbered(found), from_date=today, until_date=None, renews_id=None)


def renewal_of(base: Agreement) -> Document:
    """The same for another term of the same length, with what holds on the last day."""
    last = promises.last_day(base)
    first = (last or base.from_date) + DAY
    length = (base.until_date - base.from_date) if base.until_date else None
    return replace(
        _unnumbered(document_of(base)),
        from_date=first,
        until_date=first + length if length is not None else None,
        renews_id=base.pk,
        promises=_holding(base, last or base.from_date),
    )


def addendum_to(base: Agreement, *, on: date, presence_id: int | None = None) -> Document:
    """An addendum that begins with what holds on a day, for one agency or for all of them."""
    found = replace(
        _unnumbered(document_of(base)),
        kind=Agreement.Kind.ADDENDUM,
        from_date=on,
        until_date=None,
        amends_id=base.pk,
        renews_id=None,
        renewal_terms="",
        promises=_holding(base, on),
    )
    if presence_id is None:
        return found
    agency = Presence.objects.filter(pk=presence_id).values_list("agency_id", flat=True).first()
    return replace(
        found,
        parties=tuple(each for each in found.parties if each.agency_id in {None, agency}),
        promises=tuple(each for each in found.promises if each.presence_id == presence_id),
    )


def _holding(base: Agreement, on: date) -> tuple[Promised, ...]:
    """What is promised on a day of the agencies of a document, by whichever document then."""
    own = dict(base.terms.values_list("presence_id", "pk"))
    timelines = promises.timelines(own)
    held = {
        presence_id: next((each.term_id for each in reigns if each.covers(on)), own[presence_id])
        for presence_id, reigns in timelines.items()
    }
    return _promised(held.values())


def _promised(terms: Iterable[int]) -> tuple[Promised, ...]:
    """The content of these terms, in their order."""
    wanted = list(terms)
    rows = Term.objects.prefetch_related("counters", "scopes").in_bulk(wanted)
    same = ("opens", "closes", "staff", "facilities", "charge", "charge_note")
    return tuple(
        Promised(
            presence_id=row.presence_id,
            weekdays=tuple(row.weekdays),
            counters=tuple(counter.pk for counter in row.counters.all()),
            services=None
            if row.covers_all
            else tuple(scope.service_id for scope in row.scopes.all()),
            **{name: getattr(row, name) for name in same},
        )
        for row in (rows[pk] for pk in wanted)
    )


def _unnumbered(document: Document) -> Document:
    return replace(document, parties=tuple(replace(each, number="") for each in document.parties))


def _signatory(party: Party) -> Signatory:
    return Signatory(party.agency_id, party.number, party.signatory, party.position)


# Part by part


def with_head(document: Document, head: Head, *, mall: Mall) -> Document:
    """Another head; parties and content of agencies that stay are kept, new ones added."""
    known = {each.agency_id: each for each in document.parties}
    wanted = [None, *head.agencies]
    last = last_signatories(mall, [each for each in wanted if each not in known])
    stays = dict(
        Presence.objects.filter(mall=mall, agency__in=head.agencies).values_list("pk", "agency_id")
    )
    same = ("kind", "title", "from_date", "until_date", "amends_id", "renews_id", "renewal_terms")
    return replace(
        document,
        parties=tuple(known.get(each) or last.get(each) or Signatory(each) for each in wanted),
        promises=tuple(each for each in document.promises if each.presence_id in stays),
        **{name: getattr(head, name) for name in same},
    )


def last_signatories(mall: Mall, agencies: Collection[int | None]) -> dict[int | None, Signatory]:
    """Who signed last for these parties at a mall, without the number; None is the organiser."""
    rows = Party.objects.filter(agreement__mall=mall).exclude(agreement__state=Recorded.DRAFT)
    found = rows.order_by("agreement__signed_on", "pk").values_list(
        "agency_id", "signatory", "position"
    )
    return {
        agency_id: Signatory(agency_id, "", name, position)
        for agency_id, name, position in found
        if agency_id in agencies
    }


def with_parties(document: Document, parties: Collection[Signatory]) -> Document:
    """The same with other numbers and signatories; who is a party is said by the head."""
    new = {each.agency_id: each for each in parties}
    kept = (new.get(each.agency_id, each) for each in document.parties)
    return replace(document, parties=tuple(kept))


def with_promises(
    document: Document, promised: Collection[Promised], *, without: Collection[int] = ()
) -> Document:
    """The same with this promised of these agencies, and nothing of those `without`."""
    new = {each.presence_id: each for each in promised}
    kept = [each for each in document.promises if each.presence_id not in new.keys() | set(without)]
    return replace(document, promises=(*kept, *new.values()))
