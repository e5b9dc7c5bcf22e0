"""The documents of a mall as people read them: the list with what to do next, and one in full."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from agencies import sentences
from agencies.agreement_states import ENDING, Recorded, State, state_of
from agencies.models import Agreement, AgreementFile, Counter, Party, Presence, Term
from agencies.terms import Promise
from core import formats
from hall.models import HallEvent
from onboarding import ranges
from onboarding.agreements import endings, promises, register
from onboarding.agreements.endings import Ending
from services.models import Service


@dataclass(frozen=True)
class Wanted:
    """What of the list is asked for."""

    text: str = ""
    kind: str = ""
    state: str = ""
    agency_id: int | None = None
    is_soon: bool = False


@dataclass(frozen=True)
class Row:
    """A document, where it stands on a day, and how many days are left of it."""

    agreement: Agreement
    state: State
    last: date | None
    days: int | None

    @property
    def parties(self) -> list[Party]:
        """The agencies that are parties to it."""
        return [each for each in self.agreement.parties.all() if each.agency_id is not None]

    @property
    def numbers(self) -> list[str]:
        """The numbers that it has with each party."""
        return list(
            dict.fromkeys(each.number for each in self.agreement.parties.all() if each.number)
        )


@dataclass(frozen=True)
class Todo:
    """What of the documents waits for somebody."""

    complete: int  # drafts that only have to be signed
    incomplete: int
    ending: tuple[Ending, ...]


def row_of(agreement: Agreement, *, on: date) -> Row:
    """Where a document stands on a day."""
    last = promises.last_day(agreement)
    state = state_of(agreement.state, agreement.from_date, last, on=on)
    is_running = last is not None and state in {State.SIGNED, State.IN_FORCE, State.ENDING}
    return Row(agreement, state, last, (last - on).days if last and is_running else None)


def listed(found: QuerySet[Agreement], wanted: Wanted, *, on: date) -> list[Row]:
    """The documents asked for: drafts first, then those that end soonest, then the past."""
    if wanted.text:
        text = wanted.text
        matches = Q(title__icontains=text) | Q(pk__in=_with_party(text))
        found = found.filter(matches)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.agency_id is not None:
        found = found.filter(pk__in=_of_agency(wanted.agency_id))
    rows = [row_of(each, on=on) for each in found.prefetch_related("parties__agency")]
    kept = [row for row in rows if _is_asked(row, wanted)]
    return sorted(kept, key=_order)


def _with_party(text: str) -> QuerySet[Party, int]:
    named = Q(agency__name__icontains=text) | Q(agency__short_name__icontains=text)
    parties = Party.objects.filter(named | Q(number__icontains=text))
    return parties.values_list("agreement_id", flat=True)


def _of_agency(agency_id: int) -> QuerySet[Party, int]:
    return Party.objects.filter(agency=agency_id).values_list("agreement_id", flat=True)


def _is_asked(row: Row, wanted: Wanted) -> bool:
    is_soon = row.days is not None and row.days <= ENDING.days
    return wanted.state in {"", row.state} and (is_soon or not wanted.is_soon)


def _order(row: Row) -> tuple[int, date, int]:
    place = {State.DRAFT: 0, State.ENDED: 2}.get(row.state, 1)
    return place, row.last or date.max, -row.agreement.pk


def todo(found: QuerySet[Agreement], *, on: date) -> Todo:
    """What of these documents waits for somebody."""
    drafts = [each for each, lacks in drafts_of(found) if not lacks]
    count = found.filter(state=Recorded.DRAFT).count()
    return Todo(len(drafts), count - len(drafts), tuple(endings.near(found, on=on)))


def drafts_of(found: QuerySet[Agreement]) -> list[tuple[Agreement, list[str]]]:
    """The drafts among these, and what each still lacks before it can be signed."""
    drafts = found.filter(state=Recorded.DRAFT).order_by("from_date", "pk")
    rows = drafts.select_related("amends").prefetch_related(
        "parties__agency", "terms__counters", "terms__presence"
    )
    return [(each, register.missing_in(each)) for each in rows]


# One document


@dataclass(frozen=True)
class Reign:
    """A term that holds of an agency from one day to another."""

    promise: Promise
    term: Term
    is_now: bool

    @property
    def said(self) -> str:
        """Its days and counters: "Selasa, Kamis; loket 7"."""
        return _days_and_counters(self.term, self.term.counters.all())


@dataclass(frozen=True)
class Content:
    """What a document says of one agency, and which terms of that agency hold when."""

    term: Term
    presence: Presence
    counters: tuple[Counter, ...]
    services: tuple[Service, ...]
    reigns: tuple[Reign, ...]

    @property
    def said(self) -> str:
        """Its days and counters: "Selasa, Kamis; loket 7"."""
        return _days_and_counters(self.term, self.counters)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is promised, a name and its value each."""
        term = self.term
        found = [
            (_("Hari hadir"), sentences.weekdays(term.weekdays)),
            (_("Loket"), ranges.write(each.number for each in self.counters)),
            (_("Jam"), _hours(term)),
            (_("Layanan"), self._services()),
        ]
        if term.staff:
            found.append((_("Petugas"), str(term.staff)))
        if term.facilities:
            found.append((_("Sarana"), term.facilities))
        if term.charge is not None:
            monthly = _("%(charge)s per bulan") % {"charge": formats.rupiah(term.charge)}
            found.append((_("Biaya"), ". ".join(filter(None, [monthly, term.charge_note]))))
        return [(name, value or _("belum diisi")) for name, value in found]

    def _services(self) -> str:
        if self.term.covers_all:
            return _("semua layanan instansi ini")
        return ", ".join(each.name for each in self.services)


def _days_and_counters(term: Term, counters: Iterable[Counter]) -> str:
    days, numbers = sentences.weekdays(term.weekdays), ranges.write(c.number for c in counters)
    return "; ".join(filter(None, [days, _("loket %s") % numbers if numbers else ""]))


def _hours(term: Term) -> str:
    if term.opens is None or term.closes is None:
        return _("mengikuti jam layanan mal")
    return f"{term.opens:%H.%M}–{term.closes:%H.%M}"


@dataclass(frozen=True)
class Shown:
    """A document with all that belongs to it."""

    row: Row
    parties: tuple[Party, ...]
    contents: tuple[Content, ...]
    lacks: tuple[str, ...]
    without: tuple[Party, ...]  # parties of which it says nothing
    addenda: tuple[Row, ...]
    renewals: tuple[Row, ...]
    files: tuple[AgreementFile, ...]
    withdrawn: tuple[AgreementFile, ...]  # shown by their titles only
    history: tuple[HallEvent, ...]
    readable: frozenset[int]  # of the mall's documents, for whoever asks

    @property
    def agreement(self) -> Agreement:
        return self.row.agreement


def shown(agreement: Agreement, *, on: date, among: QuerySet[Agreement]) -> Shown:
    """A document in full, as it stands on a day; of related ones those `among` the readable."""
    wanted = ("parties__agency", "terms__presence__agency", "terms__counters")
    prefetch_related_objects([agreement], *wanted, "terms__scopes__service")
    parties = tuple(agreement.parties.all())
    terms = sorted(agreement.terms.all(), key=lambda term: term.presence.agency.name)
    reigns = reigns_of([term.presence_id for term in terms], on=on)
    contents = tuple(_content(term, reigns[term.presence_id]) for term in terms)
    named = {each.presence.agency_id for each in contents}
    is_draft = agreement.state == Recorded.DRAFT
    files = agreement.files.select_related("file", "withdrawn_by").defer("file__content")
    history = HallEvent.objects.filter(act__startswith="agreement.", subject_id=agreement.pk)
    return Shown(
        row=row_of(agreement, on=on),
        parties=parties,
        contents=contents,
        lacks=tuple(register.missing_in(agreement)) if is_draft else (),
        without=tuple(each for each in parties if each.agency_id and each.agency_id not in named),
        addenda=_rows(among.filter(amends=agreement), on),
        renewals=_rows(among.filter(renews=agreement), on),
        files=tuple(each for each in files if each.withdrawn_at is None),
        withdrawn=tuple(each for each in files if each.withdrawn_at is not None),
        history=tuple(history.select_related("by").order_by("pk")),
        readable=frozenset(among.values_list("pk", flat=True)),
    )


def _rows(found: QuerySet[Agreement], on: date) -> tuple[Row, ...]:
    rows = found.select_related("amends").order_by("from_date", "pk")
    return tuple(row_of(each, on=on) for each in rows)


def _content(term: Term, reigns: Iterable[Reign]) -> Content:
    services = tuple(scope.service for scope in term.scopes.all())
    return Content(term, term.presence, tuple(term.counters.all()), services, tuple(reigns))


def reigns_of(presences: Iterable[int], *, on: date) -> Mapping[int, list[Reign]]:
    """Which signed term of each of these agencies holds when, with its document."""
    timelines = promises.timelines(list(presences))
    wanted = {each.term_id for reigns in timelines.values() for each in reigns}
    rows = Term.objects.select_related("agreement__amends").prefetch_related("counters")
    terms = rows.in_bulk(wanted)
    return {
        pk: [Reign(each, terms[each.term_id], each.covers(on)) for each in reigns]
        for pk, reigns in timelines.items()
    }
