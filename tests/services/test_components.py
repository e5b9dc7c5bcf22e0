"""What a standard says, as values: nothing is lost on the way, and what is missing is named."""

import json
from dataclasses import fields, replace
from decimal import Decimal

import pytest

from services.components import (
    INTERNAL,
    PUBLISHED,
    Component,
    Content,
    Fee,
    Line,
    Requirement,
    Variant,
    changes,
    missing,
    said,
)
from tests.services.recipes import TEN_YEARS, WHOLE, WITH_VARIANT


@pytest.mark.parametrize("content", [Content(), WHOLE, WITH_VARIANT])
def test_what_is_stored_is_read_again(content):
    assert Content.from_json(json.loads(json.dumps(content.to_json()))) == content


def test_an_amount_keeps_every_digit():
    dear = replace(WHOLE, fees=(Fee("Izin", Decimal(999_999_999_999)),))

    assert Content.from_json(dear.to_json()).fees[0].amount == Decimal(999_999_999_999)


def test_a_component_that_an_older_version_lacks_is_empty():
    assert Content.from_json({}) == Content()


def test_the_law_knows_fourteen_components_of_which_six_are_published():
    assert (len(PUBLISHED), len(INTERNAL)) == (6, 8)
    assert set(map(str, Component)) <= {field.name for field in fields(Content)}


def test_nothing_is_missing_in_a_whole_standard_and_everything_in_an_empty_one():
    assert missing(WHOLE) == ()
    assert missing(Content()) == tuple(Component)


@pytest.mark.parametrize("component", Component)
def test_each_component_is_missed_by_its_name(component):
    empty = replace(WHOLE, **{component: getattr(Content(), component)})

    assert missing(empty) == (component,)


@pytest.mark.parametrize(
    "component", [Component.REQUIREMENTS, Component.COMPLETION_TIME, Component.FEES]
)
def test_what_every_variant_says_itself_is_not_missing(component):
    empty = replace(WITH_VARIANT, **{component: getattr(Content(), component)})
    silent = replace(empty, variants=(TEN_YEARS, Variant("5 tahun")))

    assert missing(empty) == ()
    assert missing(silent) == (component,)


def test_a_product_is_not_said_by_variants():
    assert missing(replace(WITH_VARIANT, product="")) == (Component.PRODUCT,)


def test_the_same_content_has_no_changes():
    assert changes(WITH_VARIANT, WITH_VARIANT) == ()


def test_a_change_shows_what_goes_what_comes_and_what_stays():
    new = replace(WHOLE, requirements=(WHOLE.requirements[0], Requirement("Pasfoto")))

    (change,) = changes(WHOLE, new)

    assert change.name == "Persyaratan"
    assert change.lines == (
        Line("KTP-el (Asli)"),
        Line("Kartu Keluarga", goes=True),
        Line("Pasfoto", is_new=True),
    )


def test_a_change_of_a_tariff_or_its_basis_is_one_of_the_fees():
    dearer = replace(WHOLE, fees=(Fee("Penerbitan", Decimal(400_000)), WHOLE.fees[1]))
    based = replace(WHOLE, fee_basis="PP 46/2024")

    assert [change.name for change in changes(WHOLE, dearer)] == ["Biaya/tarif"]
    assert Line("Penerbitan: Rp400.000", is_new=True) in changes(WHOLE, dearer)[0].lines
    assert [change.name for change in changes(WHOLE, based)] == ["Biaya/tarif"]


def test_a_variant_that_goes_is_seen():
    (change,) = changes(WITH_VARIANT, WHOLE)

    assert change.name == "Varian"
    assert all(line.goes for line in change.lines)
    assert "10 tahun: Penerbitan: Rp650.000" in [line.text for line in change.lines]


def test_without_a_version_before_everything_is_new():
    found = changes(None, WITH_VARIANT)

    assert len(found) == 15  # the components and the variants
    assert all(line.is_new for change in found for line in change.lines)


@pytest.mark.parametrize(
    ("amount", "text"),
    [(None, "tergantung kasus"), (0, "tidak dipungut biaya"), (350_000, "Rp350.000")],
)
def test_a_tariff_is_said_in_words(amount, text):
    fee = Fee("Izin", None if amount is None else Decimal(amount))

    assert str(fee) == f"Izin: {text}"


def test_everything_is_said_in_the_order_of_the_regulation():
    names = [name for name, _lines in said(WHOLE)]

    assert names[:2] == ["Persyaratan", "Sistem, mekanisme, dan prosedur"]
    assert names[6] == "Varian"
    assert names[-1] == "Evaluasi kinerja pelaksana"
