"""What stands on the papers of services, gathered from the tables: standards and pledges."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from django.http import Http404
from django.utils.translation import gettext as _

from agencies.models import Mall
from agencies.opening import local_date
from core.memo import briefly
from core.paper.blocks import Party
from core.paper.poster import Size
from core.paper.sheet import Letterhead
from services import papers, standards
from services.components import Content, Fee, Variant
from services.models import Pledge, Service, Standard
from services.models import Variant as VariantRow
from services.models.pledges import IN_FORCE
from services.standard_states import State

SIZES: Final = {"a4": Size.A4, "a3": Size.A3}


class Standing(NamedTuple):
    """What holds for a service: its standard in force, its variants, its agency's own pledge."""

    standard: Standard | None
    variants: tuple[VariantRow, ...]
    has_pledge: bool


@briefly(5)
def standing_of(service_id: int, presence_id: int) -> Standing:
    """What holds for a service, the variants with their tariffs."""
    found = Standard.objects.filter(service=service_id, state=State.PUBLISHED).first()
    variants = VariantRow.objects.filter(service=service_id).prefetch_related("fees")
    promised = Pledge.objects.filter(IN_FORCE, presence=presence_id)
    return Standing(found, tuple(variants), promised.exists())


def letterhead_of(mall: Mall) -> Letterhead:
    """The head of a mall's papers; the region must be loaded with the mall."""
    address = ", ".join(filter(None, [mall.place_name, mall.address]))
    region = _("Pemerintah %(region)s") % {"region": mall.region.name}
    return Letterhead(region, mall.organiser, address, mall.zone)


def sheet_of(standard: Standard, *, address: str, now: datetime, internal: bool = False) -> bytes:
    """The sheet of one version of a standard; `address` is that of the live page."""
    paper = _paper(standard.service, standard, address)
    return papers.standard_sheet(paper, now=now, internal=internal)


@briefly(60, most=100)
def published_sheet(standard_id: int, address: str, now: datetime) -> bytes:
    """The sheet of a standard in force, with what everybody may read; made once a minute."""
    rows = Standard.objects.select_related("service__presence__mall__region")
    standard = rows.select_related("service__presence__agency").get(pk=standard_id)
    return sheet_of(standard, address=address, now=now)


def poster_of(pledge: Pledge, *, address: str, size: Size, now: datetime) -> bytes:
    """The poster of a pledge as it is worded, published or not."""
    presence = pledge.presence
    party = Party(
        office=pledge.position,
        agency=presence.agency.name if presence else pledge.mall.organiser,
        name=pledge.signatory,
    )
    number, on = pledge.decree_number, pledge.decree_date
    paper = papers.Pledge(
        letterhead=letterhead_of(pledge.mall),
        sentences=tuple(pledge.sentences),
        signature=_promised(pledge, party),
        address=address,
        agency=presence.agency.name if presence else "",
        decree=papers.Decree(number, on) if number else None,
    )
    return papers.pledge_poster(paper, now=now, size=size)


def _promised(pledge: Pledge, party: Party) -> papers.Signature:
    """Who signed where; a poster that is not in force must never look as if it were."""
    if pledge.published_at is None:
        return papers.Signature(party, _("DRAF, belum diterbitkan"))
    return papers.Signature(party, pledge.place, pledge.signed_on)


@briefly(60, most=20)
def published_poster(pledge_id: int, address: str, size: Size, now: datetime) -> bytes:
    """The poster of a pledge in force; made once a minute."""
    rows = Pledge.objects.select_related("mall__region", "presence__agency")
    return poster_of(rows.get(pk=pledge_id), address=address, size=size, now=now)


def size_called(name: str) -> Size:
    """The size of a poster by its name in an address."""
    if name not in SIZES:
        raise Http404
    return SIZES[name]


def _paper(service: Service, standard: Standard, address: str) -> papers.Standard:
    mall, content = service.presence.mall, standards.content_of(standard)
    published = standard.published_at
    return papers.Standard(
        letterhead=letterhead_of(mall),
        service=service.name,
        agency=service.presence.agency.name,
        mall=mall.name,
        address=address,
        decree=_decree(standard),
        version=_version(standard),
        in_force_from=local_date(published, mall.zone) if published else None,
        limits=service.limits,
        internal=_internal(content),
        signature=_signature(service, standard),
        **_published(content),
    )


def _published(content: Content) -> dict[str, Any]:
    """The six components that everybody may read, as the paper wants them."""
    return {
        "requirements": tuple(map(str, content.requirements)),
        "procedure": content.procedure,
        "completion_time": content.completion_time,
        "fees": _fees(content.fees),
        "fee_basis": content.fee_basis,
        "product": content.product,
        "complaints": (content.complaint_channel,),
        "variants": tuple(map(_variant, content.variants)),
    }


def _variant(variant: Variant) -> papers.Variant:
    return papers.Variant(
        variant.name,
        tuple(map(str, variant.requirements)),
        _fees(variant.fees),
        variant.completion_time,
    )


def _fees(fees: tuple[Fee, ...]) -> tuple[papers.Fee, ...] | None:
    """A tariff that nobody stated is not one that is free of charge."""
    return tuple(papers.Fee(each.name, each.amount) for each in fees) or None


def _internal(content: Content) -> papers.Internal:
    return papers.Internal(
        legal_basis=content.legal_basis,
        facilities=content.facilities,
        competence=content.competence,
        supervision=content.supervision,
        staff=content.staff,
        service_guarantee=content.guarantee,
        safety_guarantee=content.safety,
        evaluation=content.evaluation,
    )


def _version(standard: Standard) -> str:
    """The number of a version; what is not in force must never look as if it were."""
    if standard.state == State.PUBLISHED:
        return str(standard.version)
    return f"{standard.version} ({standard.get_state_display()})"


def _decree(standard: Standard) -> papers.Decree | None:
    if not standard.decree_number:
        return None
    return papers.Decree(standard.decree_number, standard.decree_date)


def _signature(service: Service, standard: Standard) -> papers.Signature | None:
    if not standard.signatory:
        return None
    agency = service.presence.agency.name
    party = Party(office=standard.position, agency=agency, name=standard.signatory)
    return papers.Signature(party, on=standard.decree_date)
