"""Agreements with agencies: drafting, signing, ending. No other module writes them.

What a signed term promises is what opens: the days of the counters follow from the terms in force,
so that windows, numbers and consoles know of a change on its day and not before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.agreement_states import MOVES, Act, Recorded
from agencies.models import (
    Agreement,
    Ceremony,
    Counter,
    Mall,
    Party,
    Presence,
    Term,
)
from agencies.terms import EARLIEST, LATEST
from core import uploads
from core.errors import Refused
from core.uploads import Accepted
from hall import record
from onboarding.agreements import fingerprints, promises
from services.models import Scope, Service

NAMED = 4  # agencies in one sentence


class WrongState(Refused):
    code = "wrong_state"


class Incomplete(Refused):
    code = "incomplete"


class WrongDay(Refused):
    code = "wrong_day"


class ChangedMeanwhile(Refused):
    code = "changed_meanwhile"


@dataclass(frozen=True)
class Signatory:
    """A party of a document; no agency means the organiser."""

    agency_id: int | None
    number: str = ""
    name: str = ""
    position: str = ""


@dataclass(frozen=True)
class Promised:
    """What a document promises of one agency. Hours None: those of the mall."""

    presence_id: int
    weekdays: tuple[int, ...]
    counters: tuple[int, ...]
    opens: time | None = None
    closes: time | None = None
    staff: int | None = None
    facilities: str = ""
    charge: Decimal | None = None
    charge_note: str = ""
    services: tuple[int, ...] | None = None  # None: all of the agency's


@dataclass(frozen=True)
class Document:
    """A document as it is drafted; `amends` only for an addendum."""

    kind: Agreement.Kind
    title: str
    from_date: date
    until_date: date | None
    amends_id: int | None = None
    renews_id: int | None = None
    renewal_terms: str = ""
    parties: tuple[Signatory, ...] = ()
    promises: tuple[Promised, ...] = ()


@dataclass(frozen=True)
class Signing:
    """Where and when documents are signed, and before whom."""

    on: date
    place: str
    title: str = ""
    present: tuple[str, ...] = field(default_factory=tuple)


# Drafting


@transaction.atomic
def draft(mall: Mall, document: Document, *, by: User, now: datetime) -> Agreement:
    """Write a document down; nothing follows from it until it is signed. Raises Incomplete."""
    agreement = Agreement.objects.create(mall=mall, by=by, at=now, **_columns(mall, document))
    _write_parts(agreement, document)
    return agreement


@transaction.atomic
def redraft(agreement: Agreement, document: Document) -> None:
    """Write a draft anew. Raises WrongState once it is signed, and Incomplete."""
    found = _locked(agreement.pk)
    _refuse_unless(found, Recorded.DRAFT)
    Agreement.objects.filter(pk=found.pk).update(**_columns(found.mall, document))
    found.parties.all().delete()
    found.terms.all().delete()
    found.refresh_from_db()
    _write_parts(found, document)


@transaction.atomic
def discard(agreement: Agreement) -> None:
    """Throw a draft away. Raises WrongState once it is signed."""
    found = _locked(agreement.pk)
    _refuse_unless(found, Recorded.DRAFT)
    scans = list(found.files.values_list("file", flat=True))
    found.delete()
    uploads.discard(*scans)


def bases(mall: Mall) -> QuerySet[Agreement]:
    """The documents of a mall that another may renew: signed, and no addenda."""
    signed = Agreement.objects.filter(mall=mall).exclude(state=Recorded.DRAFT)
    return signed.exclude(kind=Agreement.Kind.ADDENDUM)


def amendable(mall: Mall, *, on: date) -> QuerySet[Agreement]:
    """Those of them that another may amend from a day on: they hold then or later."""
    return bases(mall).exclude(until_date__lt=on).exclude(ended_on__lt=on)


def holds_from(agreement: Agreement, on: date) -> bool:
    """Whether a signed document that is loaded holds on a day or later."""
    last = promises.last_day(agreement)
    return agreement.state != Recorded.DRAFT and (last is None or last >= on)


def _columns(mall: Mall, document: Document) -> dict[str, object]:
    base = document.amends_id
    if (document.kind == Agreement.Kind.ADDENDUM) != (base is not None):
        raise Incomplete(_("Pilih perjanjian yang diubah; hanya adendum yang mengubahnya."))
    if document.until_date is not None and document.until_date < document.from_date:
        raise WrongDay(_("Hari terakhir tidak boleh sebelum hari pertamanya."))
    if not EARLIEST <= document.from_date <= (document.until_date or LATEST) <= LATEST:
        raise WrongDay(_("Tulis tahun 2000 sampai 2099; untuk tanpa batas, kosongkan."))
    related = {pk for pk in (base, document.renews_id) if pk is not None}
    if bases(mall).filter(pk__in=related).count() != len(related):
        raise Incomplete(_("Yang diubah atau diperpanjang harus sudah ditandatangani di mal ini."))
    if base is not None and not amendable(mall, on=document.from_date).filter(pk=base).exists():
        raise WrongDay(
            _("Dokumen yang diubah sudah tidak berlaku pada hari itu. Pilih dokumen yang berlaku.")
        )
    same = ("kind", "title", "from_date", "until_date", "amends_id", "renews_id", "renewal_terms")
    return {name: getattr(document, name) for name in same}


def _write_parts(agreement: Agreement, document: Document) -> None:
    Party.objects.bulk_create(
        Party(
            agreement=agreement,
            agency_id=each.agency_id,
            number=each.number,
            signatory=each.name,
            position=each.position,
            rank=rank,
        )
        for rank, each in enumerate(document.parties)
    )
    for each in document.promises:
        _write_term(agreement, each)


def _write_term(agreement: Agreement, promised: Promised) -> None:
    presence = Presence.objects.filter(pk=promised.presence_id, mall=agreement.mall_id).first()
    counters = Counter.objects.filter(pk__in=promised.counters, mall=agreement.mall_id)
    if presence is None or counters.count() != len(set(promised.counters)):
        raise Incomplete(_("Instansi atau loket itu tidak ada di mal ini."))
    same = ("opens", "closes", "staff", "facilities", "charge", "charge_note")
    term = Term.objects.create(
        agreement=agreement,
        presence=presence,
        from_date=agreement.from_date,
        until_date=agreement.until_date,
        weekdays=sorted(set(promised.weekdays)),
        covers_all=promised.services is None,
        **{name: getattr(promised, name) for name in same},
    )
    term.counters.set(counters)
    services = Service.objects.filter(pk__in=promised.services or (), presence=presence)
    if services.count() != len(set(promised.services or ())):
        raise Incomplete(_("Layanan itu bukan milik instansi ini."))
    Scope.objects.bulk_create(Scope(term=term, service=service) for service in services)


@transaction.atomic
def keep_minutes(ceremony: Ceremony, accepted: Accepted, *, now: datetime) -> None:
    """Keep the photograph or the minutes of a signing, in place of what was kept before."""
    found = Ceremony.objects.select_for_update(of=("self",)).get(pk=ceremony.pk)
    before = found.document_id
    found.document = uploads.keep(accepted, title=found.title, now=now)
    found.save(update_fields=["document"])
    uploads.discard(before)


# Signing and ending


@transaction.atomic
def sign(
    drafts: Sequence[Agreement],
    signing: Signing,
    *,
    seen: str | None = None,
    by: User,
    now: datetime,
) -> Ceremony | None:
    """Sign documents of one mall, all or none; what they promise opens on their days.

    More than one, or one before witnesses, is a ceremony. Bookings of days on which an agency is no
    longer there are called off with a choice for each. `seen` is the fingerprint of what somebody
    looked at before. Raises WrongState, ChangedMeanwhile, Incomplete, WrongDay and CounterTaken.
    """
    mall = _locked_mall([each.mall_id for each in drafts])
    if signing.on > promises.today_at(mall, now):
        raise WrongDay(_("Tanggal penandatanganan belum tiba. Simpan dahulu sebagai draf."))
    found = [_locked(each.pk) for each in sorted(drafts, key=lambda each: each.pk)]
    prefetch_related_objects(found, "parties", "terms__counters", "terms__presence")
    for each in found:
        _refuse_unless(each, MOVES[Act.SIGN].origin)
    if seen is not None and seen != fingerprints.of(found):
        raise ChangedMeanwhile(_("Draf berubah sejak pratinjau. Lihat lagi, lalu tanda tangani."))
    for each in found:
        _refuse_incomplete(each)
    ceremony = _ceremony(found, signing, by=by, now=now)
    Agreement.objects.filter(pk__in=[each.pk for each in found]).update(
        state=MOVES[Act.SIGN].target,
        signed_on=signing.on,
        signed_at=signing.place,
        recorded_at=now,
        recorded_by=by,
        ceremony=ceremony,
    )
    concerned = _bound(found)
    Presence.objects.filter(pk__in=concerned).update(basis=Presence.Basis.AGREEMENT)
    promises.follow(mall, concerned, by=by, now=now)
    for each in found:
        record.write("agreement.signed", each.pk, mall_id=mall.pk, by=by, now=now)
    return ceremony


def _bound(found: Iterable[Agreement]) -> set[int]:
    """The agencies at the mall whose counters follow these documents."""
    binding = (each for each in found if each.is_binding)
    return {term.presence_id for each in binding for term in each.terms.all()}


@transaction.atomic
def terminate(agreement: Agreement, *, on: date, reason: str, by: User, now: datetime) -> None:
    """End a signed document early; `on` is its last day, today at the earliest.

    Its addenda end with it. Raises WrongState, WrongDay, Incomplete, and CounterTaken where what
    held before would hold again on a counter that somebody else has by now.
    """
    mall = _locked_mall([agreement.mall_id])
    found = _locked(agreement.pk)
    _refuse_unless(found, MOVES[Act.TERMINATE].origin)
    last = promises.last_day(found)
    if on < promises.today_at(mall, now) or (last is not None and on >= last):
        raise WrongDay(_("Hari terakhir paling cepat hari ini dan sebelum masa berlakunya habis."))
    if not reason.strip():
        raise Incomplete(_("Tulis alasannya; instansi akan membacanya."))
    Agreement.objects.filter(pk=found.pk).update(
        state=MOVES[Act.TERMINATE].target, ended_on=on, end_reason=reason.strip()
    )
    changed = Term.objects.binding().filter(
        agreement__in=[found.pk, *found.addenda.values_list("pk", flat=True)]
    )
    concerned = set(changed.values_list("presence_id", flat=True))
    promises.follow(mall, concerned, by=by, now=now)
    record.write("agreement.terminated", found.pk, mall_id=mall.pk, by=by, now=now)


def _locked(pk: int) -> Agreement:
    return Agreement.objects.select_for_update(of=("self",)).select_related("mall").get(pk=pk)


def _locked_mall(ids: Iterable[int]) -> Mall:
    malls = set(ids)
    if len(malls) != 1:
        raise Incomplete(_("Pilih satu atau beberapa draf dari mal yang sama."))
    # Documents before counters: whoever signs at one mall waits in line here.
    locked = Mall.objects.select_for_update(no_key=True, of=("self",)).select_related("region")
    return locked.get(pk=malls.pop())


def refuse_signed(agreement: Agreement) -> None:
    """A document is only changed as long as it is a draft. Raises WrongState."""
    _refuse_unless(agreement, Recorded.DRAFT)


def refuse_unsigned(agreement: Agreement) -> None:
    """Only what is signed and goes on can be ended. Raises WrongState."""
    _refuse_unless(agreement, MOVES[Act.TERMINATE].origin)


def _refuse_unless(agreement: Agreement, origin: Recorded) -> None:
    if agreement.state != origin:
        raise WrongState(
            _("“%(title)s” sekarang berstatus %(state)s, jadi ini tidak dapat dilakukan lagi.")
            % {"title": agreement.title, "state": agreement.get_state_display()}
        )


def _refuse_incomplete(agreement: Agreement) -> None:
    missing = missing_in(agreement)
    if missing:
        raise Incomplete(
            _("“%(title)s” belum lengkap: %(missing)s.")
            % {"title": agreement.title, "missing": ", ".join(missing)}
        )


def missing_in(agreement: Agreement) -> list[str]:
    """What a draft still lacks before it can be signed, in words."""
    parties = list(agreement.parties.all())
    lacks = []
    if not any(party.agency_id is None for party in parties) or len(parties) < 2:
        lacks.append(_("penyelenggara dan sedikitnya satu instansi sebagai pihak"))
    if any(not (party.number and party.signatory and party.position) for party in parties):
        lacks.append(_("nomor, penanda tangan, dan jabatan setiap pihak"))
    terms = list(agreement.terms.all())
    if agreement.is_binding and not terms:
        lacks.append(_("isi bagi sedikitnya satu instansi"))
    agencies = {party.agency_id for party in parties}
    strangers = [term.presence for term in terms if term.presence.agency_id not in agencies]
    if strangers:
        lacks.append(
            _("%(agency)s mempunyai isi tetapi bukan pihak") % {"agency": _listed(strangers)}
        )
    empty = [term.presence for term in terms if not term.weekdays or not term.counters.all()]
    if empty and agreement.is_binding:
        lacks.append(_("hari hadir dan loket bagi %s") % _listed(empty))
    return lacks


def _listed(presences: Sequence[Presence]) -> str:
    names = [each.board_name for each in presences[:NAMED]]
    if more := len(presences) - len(names):
        names.append(_("%(count)d instansi lain") % {"count": more})
    return ", ".join(names)


def _ceremony(
    found: Sequence[Agreement], signing: Signing, *, by: User, now: datetime
) -> Ceremony | None:
    if len(found) == 1 and not signing.present:
        return None
    title = signing.title or _("Penandatanganan kerja sama %(mall)s") % {
        "mall": found[0].mall.short_name
    }
    return Ceremony.objects.create(
        kind=Ceremony.Kind.SIGNING,
        title=title,
        held_on=signing.on,
        place=signing.place,
        present=list(signing.present),
        by=by,
        at=now,
    )
