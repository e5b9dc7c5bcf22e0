"""How standards are written, reviewed and published.

No other module writes a standard or a variant, nor what a standard says of its service and its
tariffs once there is one; before that the admin and imports may. Whoever writes locks the service
first: two people at the same standard wait in line there.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import memo
from core.errors import Refused
from hall import record
from services.components import Component, Content, Fee, Variant, missing, requirements_of
from services.models import Fee as FeeRow
from services.models import Service, Standard
from services.models import Variant as VariantRow
from services.standard_states import IN_WORK, MOVES, Act, State

# What a standard says of its service beside tariffs and variants; nobody writes it elsewhere.
GOVERNED: Final = (
    *("requirements", "procedure", "completion_time"),
    *("fee_basis", "product", "complaint_channel"),
)


class WrongState(Refused):
    code = "standard_state"


class StandardChanged(Refused):
    code = "standard_changed"


class ComponentsMissing(Refused):
    code = "components_missing"


class OwnStandard(Refused):
    code = "own_standard"


class NotTheAuthor(Refused):
    code = "not_the_author"


class DecreeIncomplete(Refused):
    code = "decree_incomplete"


class ReasonMissing(Refused):
    code = "reason_missing"


@dataclass(frozen=True)
class Decree:
    """The decision that puts a standard in force, and who signed it."""

    number: str
    on: date
    signatory: str
    position: str


def content_of(standard: Standard) -> Content:
    """What a version says."""
    return Content.from_json(standard.content)


def shown_by(service: Service) -> Content:
    """What a service shows today, whether a standard says so or not."""
    return Content(
        **{name: getattr(service, name) for name in GOVERNED if name not in LISTS},
        requirements=requirements_of(service.requirements),
        procedure=tuple(map(str, service.procedure)),
        fees=tuple(
            Fee(each.name, each.amount) for each in service.fees.all() if not each.variant_id
        ),
        variants=tuple(
            Variant(
                each.name,
                requirements_of(each.requirements),
                each.completion_time,
                tuple(Fee(own.name, own.amount) for own in each.fees.all()),
            )
            for each in service.variants.all()
        ),
    )


LISTS: Final = ("requirements", "procedure")


def seen(standard: Standard) -> str:
    """A short name for how a version stands, so that nobody overwrites what they have not seen."""
    whole = json.dumps([standard.state, standard.content], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


@transaction.atomic
def draft(service: Service, *, by: User, now: datetime) -> Standard:
    """The version being worked on; begun from the published one if there is none."""
    _lock(service.pk)
    known = service.standards.filter(state__in=IN_WORK).first()
    if known is not None:
        return known
    last = service.standards.order_by("-version").first()
    published = service.standards.filter(state=State.PUBLISHED).first()
    content = content_of(published) if published else shown_by(service)
    begun = Standard.objects.create(
        service=service,
        version=last.version + 1 if last else 1,
        content=content.to_json(),
        author=by,
        written_at=now,
    )
    _record("standard.begun", begun, by, now)
    return begun


@transaction.atomic
def save(standard: Standard, content: Content, *, known: str, by: User, now: datetime) -> None:
    """Keep what a draft says; whoever wrote last is its author. Raises WrongState.

    `known` says how it stood when it was opened. Raises StandardChanged when it stands otherwise.
    """
    row = _locked(standard)
    if row.state != State.DRAFT:
        raise _no_move(row)
    if seen(row) != known:
        raise StandardChanged(
            _(
                "Draf ini baru saja diubah orang lain. Isian Anda belum tersimpan: buka drafnya"
                " di tab lain, bandingkan, lalu salin bagian Anda."
            )
        )
    row.content, row.author, row.written_at = content.to_json(), by, now
    if row.reviewer_id == by.pk:
        row.reviewer = None  # who writes on it is no longer the one who judges it
    row.save()
    _record("standard.saved", row, by, now)


@transaction.atomic
def submit(standard: Standard, *, by: User, now: datetime) -> None:
    """Hand a draft to somebody else. Raises WrongState, ComponentsMissing."""
    row = _locked(standard)
    _move(Act.SUBMIT, row)
    refuse_incomplete(content_of(row))
    row.reviewer, row.decided_at, row.remark = None, None, ""
    row.save()
    _record("standard.submitted", row, by, now)


@transaction.atomic
def take_back(standard: Standard, *, by: User, now: datetime) -> None:
    """Let the author go on writing before anybody decided. Raises WrongState, NotTheAuthor."""
    row = _locked(standard)
    _move(Act.RETURN, row)
    if by.pk != row.author_id:
        raise NotTheAuthor(
            _("Hanya penyusunnya yang menarik pengajuan. Kembalikan dengan catatan.")
        )
    row.save()
    _record("standard.withdrawn", row, by, now)


@transaction.atomic
def discard(standard: Standard, *, reason: str, by: User, now: datetime) -> None:
    """Give a draft up; its number stays used, and why it went stays said.

    Raises WrongState, ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing(_("Tulis alasannya; penyusunnya perlu tahu."))
    row = _locked(standard)
    _move(Act.DISCARD, row)
    row.remark, row.decided_at = reason.strip(), now
    row.save()
    _record("standard.discarded", row, by, now)


@transaction.atomic
def send_back(standard: Standard, *, remark: str, known: str, by: User, now: datetime) -> None:
    """Return a version to its author with a remark. Raises WrongState, OwnStandard.

    `known` says how it stood when it was opened. Raises StandardChanged when it stands otherwise.
    """
    row = _judged(standard, Act.RETURN, known=known, by=by)
    row.remark, row.decided_at, row.reviewer = remark, now, by
    row.save()
    _record("standard.returned", row, by, now)


@transaction.atomic
def publish(standard: Standard, decree: Decree, *, known: str, by: User, now: datetime) -> None:
    """Put a version in force in the place of the one before; citizens see it at once.

    `known` says how it stood when the reviewer opened it. Raises WrongState, OwnStandard when the
    author asks, StandardChanged when it stands otherwise, ComponentsMissing, DecreeIncomplete.
    """
    row = _judged(standard, Act.PUBLISH, known=known, by=by)
    content = content_of(row)
    refuse_incomplete(content)
    _refuse_incomplete_decree(decree)
    for before in Standard.objects.filter(service=row.service_id, state=State.PUBLISHED):
        _move(Act.REPLACE, before)
        before.replaced_at = now
        before.save()
    row.decree_number, row.decree_date = decree.number.strip(), decree.on
    row.signatory, row.position = decree.signatory.strip(), decree.position.strip()
    row.reviewer, row.decided_at, row.published_at = by, now, now
    row.save()
    _show(row.service, content)
    _record("standard.published", row, by, now)
    transaction.on_commit(memo.clear_all)


def _judged(standard: Standard, act: Act, *, known: str, by: User) -> Standard:
    """A version that somebody else decides on, who has read what it says now."""
    row = _locked(standard)
    stands = seen(row)
    _move(act, row)
    _refuse_author(row, by)
    if stands != known:
        raise StandardChanged(
            _(
                "Penyusun mengubah standar ini sejak Anda membukanya. Belum ada yang diputuskan:"
                " baca lagi isinya yang sekarang, lalu putuskan."
            )
        )
    return row


def refuse_incomplete(content: Content) -> None:
    """The law asks for all fourteen components. Raises ComponentsMissing."""
    empty = missing(content)
    if empty:
        raise ComponentsMissing(
            _("Belum lengkap: %(components)s. Isi dahulu, lalu ajukan lagi.")
            % {"components": "; ".join(str(Component(each).label) for each in empty)}
        )


def _refuse_incomplete_decree(decree: Decree) -> None:
    if not all(map(str.strip, (decree.number, decree.signatory, decree.position))):
        raise DecreeIncomplete(
            _("Isi nomor keputusan, penanda tangan, dan jabatannya, baru standar dapat terbit.")
        )


def _refuse_author(row: Standard, by: User) -> None:
    """Four eyes: whoever wrote it does not judge it."""
    if by.pk == row.author_id:
        raise OwnStandard(
            _("Standar ini Anda susun sendiri. Minta orang lain memeriksa dan menerbitkannya.")
        )


def _show(service: Service, content: Content) -> None:
    """Give the service what its standard says; nothing of it is an example any more."""
    kept = content.to_json()
    for name in GOVERNED:
        setattr(service, name, kept[name])
    official = {*GOVERNED, "fees"}
    service.example_fields = [each for each in service.example_fields if each not in official]
    service.save(update_fields=[*GOVERNED, "example_fields"])
    service.fees.all().delete()
    service.variants.all().delete()
    variants = VariantRow.objects.bulk_create(
        VariantRow(
            service=service,
            name=each.name,
            requirements=[{"text": need.text, "note": need.note} for need in each.requirements],
            completion_time=each.completion_time,
            rank=rank,
        )
        for rank, each in enumerate(content.variants)
    )
    own = [(None, content.fees), *zip(variants, (v.fees for v in content.variants), strict=True)]
    fees = [(variant, fee) for variant, these in own for fee in these]
    FeeRow.objects.bulk_create(
        FeeRow(service=service, variant=variant, name=fee.name, amount=fee.amount, rank=rank)
        for rank, (variant, fee) in enumerate(fees)
    )


def _lock(service_id: int) -> None:
    Service.objects.select_for_update(no_key=True).get(pk=service_id)


def _locked(standard: Standard) -> Standard:
    """A version as it stands once nobody else can move it."""
    _lock(standard.service_id)
    return Standard.objects.select_related("service__presence").get(pk=standard.pk)


def _move(act: Act, row: Standard) -> None:
    step = MOVES[act]
    if row.state != step.origin:
        raise _no_move(row)
    row.state = step.target


def _no_move(row: Standard) -> WrongState:
    sentences = {
        State.DRAFT: _("Standar ini masih draf. Ajukan dahulu, baru dapat diperiksa."),
        State.REVIEW: _("Standar ini sedang diperiksa. Tarik atau kembalikan dahulu."),
        State.PUBLISHED: _("Versi ini sudah terbit. Untuk mengubahnya, susun versi baru."),
        State.REPLACED: _("Versi ini sudah digantikan dan hanya dapat dibaca."),
        State.DISCARDED: _("Draf ini sudah dibuang. Susun versi baru bila masih diperlukan."),
    }
    return WrongState(sentences[State(row.state)])


def _record(act: str, row: Standard, by: User, now: datetime) -> None:
    mall_id = row.service.presence.mall_id
    record.write(act, row.pk, mall_id=mall_id, by=by, now=now, detail=f"v{row.version}")
