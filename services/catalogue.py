"""Everything offered in the malls that citizens may see, as values a few seconds old at most."""

from dataclasses import dataclass

from django.utils.translation import get_language

from agencies.access import public_malls
from core.memo import briefly
from services import search
from services.models import Service


@dataclass(frozen=True)
class Listing:
    """A service of an agency at a mall, as a list or a search shows it."""

    service_id: int
    name: str
    name_en: str
    keywords: tuple[str, ...]
    queue_id: int
    presence_id: int
    agency: str
    agency_short: str
    mall_id: int

    @property
    def title(self) -> str:
        """The name in the reader's language, as Service.title has it."""
        return (self.name_en if get_language() == "en" else "") or self.name


@briefly(10)
def listings() -> tuple[Listing, ...]:
    """All services offered in public malls, by mall, agency and name."""
    rows = (
        Service.objects.offered()
        .filter(presence__mall__in=public_malls())
        .order_by("presence__mall__name", "presence__agency__name", "name", "pk")
        .values_list(
            "pk",
            "name",
            "name_en",
            "keywords",
            "queue_id",
            "presence_id",
            "presence__agency__name",
            "presence__agency__short_name",
            "presence__mall_id",
        )
    )
    return tuple(
        Listing(pk, name, english, tuple(map(str, keywords)), queue, presence, agency, short, mall)
        for pk, name, english, keywords, queue, presence, agency, short, mall in rows
    )


@briefly(60)
def index() -> search.Index:
    """The listings made ready for the search; a minute old at most, as making it takes a while."""
    return search.build(
        search.Entry(
            listing.service_id,
            listing.name,
            listing.name_en,
            listing.keywords,
            (listing.agency, listing.agency_short),
        )
        for listing in listings()
    )
