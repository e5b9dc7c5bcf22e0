"""How the pledge of a mall, or of an agency there, is written and published.

No other module writes one. A publication replaces the one before, which stays readable.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from agencies.models import Mall, Presence
from core import memo
from core.errors import Refused
from core.memo import briefly
from hall import record
from services.models import Pledge
from services.models.pledges import IN_FORCE


class NothingToPublish(Refused):
    code = "nothing_to_publish"


class PledgeIncomplete(Refused):
    code = "pledge_incomplete"


@dataclass(frozen=True)
class Wording:
    """What a pledge says, on which decision it rests, and who signed it."""

    sentences: tuple[str, ...] = ()
    decree_number: str = ""
    decree_date: date | None = None
    signatory: str = ""
    position: str = ""
    place: str = ""
    signed_on: date | None = None


@override("id")  # a pledge is Indonesian, whoever begins to word it
def usual() -> tuple[str, ...]:
    """The sentences with which most pledges begin, for a first draft."""
    return (
        _("Kami sanggup menyelenggarakan pelayanan sesuai dengan standar yang telah ditetapkan."),
        _("Kami melayani siapa pun dengan setara, sopan, dan tanpa biaya di luar tarif resmi."),
        _("Apabila kami tidak menepati janji ini, kami siap menerima sanksi menurut peraturan."),
    )


def draft_of(mall: Mall, presence: Presence | None) -> Pledge | None:
    """The pledge being worded, None when there is none."""
    return _of(mall.pk, presence.pk if presence else None).filter(published_at=None).first()


def in_force(mall_id: int, presence_id: int | None = None) -> Pledge | None:
    """The pledge that stands for the whole mall, or for an agency there."""
    found = _of(mall_id, presence_id).filter(IN_FORCE)
    return found.select_related("mall__region", "presence__agency").first()


@briefly(5)
def shown_at(mall_id: int) -> Pledge | None:
    """The pledge of the whole mall for its public page."""
    return in_force(mall_id)


@transaction.atomic
def save(
    mall: Mall, presence: Presence | None, wording: Wording, *, by: User, now: datetime
) -> None:
    """Keep how the next pledge is worded; what is published stays as it is."""
    _lock(mall)
    values = {**asdict(wording), "sentences": list(wording.sentences)}
    row, _created = Pledge.objects.update_or_create(
        mall=mall,
        presence=presence,
        published_at=None,
        defaults={**values, "written_by": by, "written_at": now},
    )
    record.write("pledge.saved", row.pk, mall_id=mall.pk, by=by, now=now)


@transaction.atomic
def publish(mall: Mall, presence: Presence | None, *, by: User, now: datetime) -> None:
    """Put the draft in the place of the pledge before.

    Raises NothingToPublish, PledgeIncomplete.
    """
    _lock(mall)
    row = draft_of(mall, presence)
    if row is None:
        raise NothingToPublish(_("Tidak ada draf maklumat. Susun dahulu, lalu terbitkan."))
    if not (row.sentences and row.signatory and row.position and row.signed_on):
        raise PledgeIncomplete(
            _("Isi kalimat, penanda tangan, jabatan, dan tanggalnya, baru maklumat dapat terbit.")
        )
    standing = _of(mall.pk, presence.pk if presence else None)
    standing.filter(IN_FORCE).update(replaced_at=now)
    row.published_at = now
    row.save(update_fields=["published_at"])
    record.write("pledge.published", row.pk, mall_id=mall.pk, by=by, now=now)
    transaction.on_commit(memo.clear_all)


def _of(mall_id: int, presence_id: int | None) -> QuerySet[Pledge]:
    return Pledge.objects.filter(mall=mall_id, presence=presence_id)


def _lock(mall: Mall) -> None:
    # The mall is the parent of a pledge that may not be there yet: two wait in line here.
    Mall.objects.select_for_update(of=("self",), no_key=True).get(pk=mall.pk)
