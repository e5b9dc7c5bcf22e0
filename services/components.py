"""What a standard says: its fourteen components as plain values.

Pure. Six components must be published, eight concern the agency itself; a standard needs them all.
Source: PermenPANRB 15/2014.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats


class Component(TextChoices):
    """The components, under the names of their fields, in the order of the regulation."""

    REQUIREMENTS = "requirements", gettext_lazy("Persyaratan")
    PROCEDURE = "procedure", gettext_lazy("Sistem, mekanisme, dan prosedur")
    COMPLETION_TIME = "completion_time", gettext_lazy("Jangka waktu penyelesaian")
    FEES = "fees", gettext_lazy("Biaya/tarif")
    PRODUCT = "product", gettext_lazy("Produk pelayanan")
    COMPLAINTS = "complaint_channel", gettext_lazy("Penanganan pengaduan, saran, dan masukan")
    LEGAL_BASIS = "legal_basis", gettext_lazy("Dasar hukum")
    FACILITIES = "facilities", gettext_lazy("Sarana, prasarana, dan/atau fasilitas")
    COMPETENCE = "competence", gettext_lazy("Kompetensi pelaksana")
    SUPERVISION = "supervision", gettext_lazy("Pengawasan internal")
    STAFF = "staff", gettext_lazy("Jumlah pelaksana")
    GUARANTEE = "guarantee", gettext_lazy("Jaminan pelayanan")
    SAFETY = "safety", gettext_lazy("Jaminan keamanan dan keselamatan pelayanan")
    EVALUATION = "evaluation", gettext_lazy("Evaluasi kinerja pelaksana")


PUBLISHED: Final = tuple(Component)[:6]
INTERNAL: Final = tuple(Component)[6:]


@dataclass(frozen=True)
class Requirement:
    """Something to bring, with a note such as "asli dan fotokopi"."""

    text: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.note})" if self.note else self.text


@dataclass(frozen=True)
class Fee:
    """One official tariff; no amount means that it depends on the case."""

    name: str
    amount: Decimal | None

    def __str__(self) -> str:
        if self.amount is None:
            said = _("tergantung kasus")
        else:
            said = formats.rupiah(self.amount) if self.amount else _("tidak dipungut biaya")
        return f"{self.name}: {said}"


@dataclass(frozen=True)
class Variant:
    """One kind of a service: what it asks on top of the rest, and its own time and tariffs."""

    name: str
    requirements: tuple[Requirement, ...] = ()
    completion_time: str = ""
    fees: tuple[Fee, ...] = ()


@dataclass(frozen=True)
class Content:
    """The fourteen components of a standard, the basis of its tariffs, and its variants."""

    requirements: tuple[Requirement, ...] = ()
    procedure: tuple[str, ...] = ()
    completion_time: str = ""
    fees: tuple[Fee, ...] = ()
    fee_basis: str = ""
    product: str = ""
    complaint_channel: str = ""
    variants: tuple[Variant, ...] = ()
    legal_basis: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    competence: tuple[str, ...] = ()
    supervision: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    guarantee: tuple[str, ...] = ()
    safety: tuple[str, ...] = ()
    evaluation: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The same as the database keeps it; amounts as text, so that no digit is lost."""
        listed = {each: list(getattr(self, each)) for each in (*INTERNAL, Component.PROCEDURE)}
        return {
            **{str(name): lines for name, lines in listed.items()},
            **{name: getattr(self, name) for name in SENTENCES},
            "requirements": _requirements_json(self.requirements),
            "fees": _fees_json(self.fees),
            "variants": [
                {
                    "name": each.name,
                    "requirements": _requirements_json(each.requirements),
                    "completion_time": each.completion_time,
                    "fees": _fees_json(each.fees),
                }
                for each in self.variants
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Content":
        """What `to_json` wrote; a component that an older version did not have is empty."""
        listed = {str(each): tuple(kept.get(each, ())) for each in (*INTERNAL, Component.PROCEDURE)}
        plain: dict[str, Any] = {**listed, **{name: kept.get(name, "") for name in SENTENCES}}
        return cls(
            **plain,
            requirements=_requirements(kept),
            fees=_fees(kept),
            variants=tuple(
                Variant(
                    each["name"], _requirements(each), each.get("completion_time", ""), _fees(each)
                )
                for each in kept.get("variants", ())
            ),
        )


SENTENCES: Final = ("completion_time", "fee_basis", "product", "complaint_channel")


def _requirements_json(requirements: Iterable[Requirement]) -> list[dict[str, str]]:
    return [{"text": each.text, "note": each.note} for each in requirements]


def _fees_json(fees: Iterable[Fee]) -> list[dict[str, str | None]]:
    return [
        {"name": each.name, "amount": None if each.amount is None else str(each.amount)}
        for each in fees
    ]


def _requirements(kept: Mapping[str, Any]) -> tuple[Requirement, ...]:
    return requirements_of(kept.get("requirements", ()))


def requirements_of(entries: Iterable[Mapping[str, str]]) -> tuple[Requirement, ...]:
    """The requirements of a list as a service keeps it."""
    return tuple(Requirement(each["text"], each.get("note", "")) for each in entries)


def _fees(kept: Mapping[str, Any]) -> tuple[Fee, ...]:
    return tuple(
        Fee(each["name"], None if each["amount"] is None else Decimal(each["amount"]))
        for each in kept.get("fees", ())
    )


def missing(content: Content) -> tuple[Component, ...]:
    """The components that are empty; what every variant says itself is not missing."""
    of_variants = {Component.REQUIREMENTS, Component.COMPLETION_TIME, Component.FEES}
    return tuple(
        each
        for each in Component
        if not getattr(content, each)
        and not (
            each in of_variants
            and content.variants
            and all(getattr(variant, each) for variant in content.variants)
        )
    )


class Line(NamedTuple):
    """One line of a comparison: it stays, is new, or goes."""

    text: str
    is_new: bool = False
    goes: bool = False


@dataclass(frozen=True)
class Change:
    """A component that two versions say differently, line by line."""

    name: str
    lines: tuple[Line, ...]


def changes(old: Content | None, new: Content) -> tuple[Change, ...]:
    """What a new version says otherwise than an old one; without an old one all of it is new."""
    was = dict(said(old)) if old else {}
    return tuple(
        Change(name, tuple(_compared(was.get(name, ()), lines)))
        for name, lines in said(new)
        if was.get(name, ()) != lines
    )


def _compared(was: tuple[str, ...], lines: tuple[str, ...]) -> Iterator[Line]:
    found = SequenceMatcher(None, was, lines, autojunk=False).get_opcodes()
    for kind, a_from, a_to, b_from, b_to in found:
        if kind == "equal":
            yield from (Line(text) for text in lines[b_from:b_to])
            continue
        yield from (Line(text, goes=True) for text in was[a_from:a_to])
        yield from (Line(text, is_new=True) for text in lines[b_from:b_to])


def said(content: Content) -> list[tuple[str, tuple[str, ...]]]:
    """Every component by its name, as lines that people read."""
    rows = [(str(each.label), _lines(content, each)) for each in Component]
    rows.insert(len(PUBLISHED), (_("Varian"), tuple(_variant_lines(content.variants))))
    return rows


def _lines(content: Content, component: Component) -> tuple[str, ...]:
    value = getattr(content, component)
    lines = (value,) if isinstance(value, str) else tuple(str(each) for each in value)
    if component == Component.FEES and content.fee_basis:
        lines = (*lines, _("Dasar tarif: %(basis)s") % {"basis": content.fee_basis})
    return tuple(line for line in lines if line)


def _variant_lines(variants: Iterable[Variant]) -> Iterator[str]:
    for variant in variants:
        own = [*variant.requirements, variant.completion_time, *variant.fees]
        yield variant.name
        yield from (f"{variant.name}: {line}" for line in map(str, own) if line)
