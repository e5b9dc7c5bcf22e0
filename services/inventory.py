"""The services of a mall with the state of their standards, for those who write them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch, TextChoices
from django.utils.translation import gettext_lazy as _

from services import standards
from services.access import Reach
from services.components import Component, missing
from services.models import Service, Standard
from services.standard_states import IN_WORK, State


class Asked(TextChoices):
    """Which services a list shows."""

    ALL = "", _("Semua")
    PUBLISHED = "terbit", _("Standar terbit")
    DRAFT = "draf", _("Ada draf")
    REVIEW = "periksa", _("Menunggu pemeriksa")
    NONE = "belum", _("Belum ada standar")


CURRENT: Final = (*IN_WORK, State.PUBLISHED)


@dataclass(frozen=True)
class Row:
    """A service, its standard in force, the version being worked on, and what that lacks."""

    service: Service
    published: Standard | None
    work: Standard | None
    missing: tuple[Component, ...]

    @property
    def is_in_review(self) -> bool:
        return self.work is not None and self.work.state == State.REVIEW

    def is_asked(self, asked: str) -> bool:
        """Whether a list that shows these has it."""
        return {
            Asked.PUBLISHED: self.published is not None,
            Asked.DRAFT: self.work is not None and not self.is_in_review,
            Asked.REVIEW: self.is_in_review,
            Asked.NONE: self.published is None and self.work is None,
        }.get(Asked(asked), True)


def rows(reach: Reach, *, question: str = "", presence_id: int | None = None) -> list[Row]:
    """The services of these agencies by agency and name, those found by name or code."""
    found = (
        Service.objects.filter(presence__in=reach.presences)
        .select_related("presence__agency", "queue")
        .prefetch_related(
            "fees",
            "variants__fees",
            Prefetch("standards", Standard.objects.filter(state__in=CURRENT), to_attr="current"),
        )
        .order_by("presence__board_name", "presence", "name", "pk")
    )
    if presence_id is not None:
        found = found.filter(presence=presence_id)
    wanted = question.casefold()
    return [
        row_of(service, service.current)  # type: ignore[attr-defined]  # of the Prefetch above
        for service in found
        if wanted in f"{service.name} {service.code}".casefold()
    ]


def row_of(service: Service, current: Iterable[Standard]) -> Row:
    """One of them, from its versions that are in force or being worked on."""
    by_state = {each.state: each for each in current}
    published = by_state.get(State.PUBLISHED)
    work = by_state.get(State.DRAFT) or by_state.get(State.REVIEW)
    shown = work or published
    content = standards.content_of(shown) if shown else standards.shown_by(service)
    return Row(service, published, work, missing(content))


def row(service: Service) -> Row:
    """The same for one service."""
    return row_of(service, service.standards.filter(state__in=CURRENT))


def counted(found: Iterable[Row]) -> dict[Asked, int]:
    """How many services each choice of a list has."""
    listed = list(found)
    return {asked: sum(each.is_asked(asked) for each in listed) for asked in Asked}
