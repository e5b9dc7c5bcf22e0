"""Rows without a script: what was typed is kept, empty rows are none, too much is said in words."""

from decimal import Decimal

import pytest
from django.http import QueryDict

from services.components import Content, Fee
from services.standard_forms import MOST_FEES, AmountField, StandardForm
from tests.services.recipes import WHOLE, WITH_VARIANT


def sent(form, typed=None):
    """A form as a browser would send it back, with something typed into it."""
    parts = [form.lines, form.fees.management_form, *form.fees, form.variants.management_form]
    for variant in form.variants:
        parts += [variant, variant.fees.management_form, *variant.fees]
    data = QueryDict(mutable=True)
    for part in parts:
        for field in part:
            value = field.value()
            data[field.html_name] = "" if value is None else str(value)
    for name, value in (typed or {}).items():
        data[name] = value
    return data


@pytest.mark.parametrize("content", [Content(), WHOLE, WITH_VARIANT])
def test_a_form_that_is_sent_back_says_the_same(content):
    form = StandardForm.of(content, sent(StandardForm.of(content)))

    assert form.is_valid()
    assert form.content == content


def test_empty_rows_wait_below_and_say_nothing():
    form = StandardForm.of(WHOLE)

    assert (len(form.fees.forms), len(form.variants.forms)) == (5, 1)
    assert len(form.variants.forms[0].fees.forms) == 3


def test_more_rows_keep_what_was_typed_unchecked():
    typed = {"product": "Baru", "biaya-3-name": "Denda lain", "biaya-3-amount": "seribu"}
    data = sent(StandardForm.of(WITH_VARIANT), typed)

    form = StandardForm.widened(data)

    assert form.lines["product"].value() == "Baru"
    names = [row["name"].value() for row in form.fees]
    assert names[:3] == ["Penerbitan", "Denda", "Denda lain"]
    assert form.fees.forms[2]["amount"].value() == "seribu"
    assert len(names) == 6
    assert form.variants.forms[0].fees.forms[0]["name"].value() == "Penerbitan"
    assert not any(part.errors for part in form.fees)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("350000", 350_000), ("350.000", 350_000), ("Rp350.000", 350_000), ("0", 0), ("", None)],
)
def test_rupiah_is_read_as_people_write_it(typed, amount):
    row = {"biaya-0-name": "Izin", "biaya-0-amount": typed}
    data = sent(StandardForm.of(Content()), row)

    form = StandardForm.of(Content(), data)

    assert form.is_valid()
    expected = None if amount is None else Decimal(amount)
    assert form.content.fees == (Fee("Izin", expected),)


@pytest.mark.parametrize("typed", ["seribu", "-5", "1,50", "1e9", "9" * 13, "١٢٣"])
def test_what_is_no_rupiah_is_said_in_words(typed):
    row = {"biaya-0-name": "Izin", "biaya-0-amount": typed}
    data = sent(StandardForm.of(Content()), row)

    form = StandardForm.of(Content(), data)

    assert not form.is_valid()
    assert "Tulis rupiah bulat" in str(form.fees.forms[0].errors)


def test_rupiah_is_shown_as_people_write_it():
    assert AmountField().prepare_value(Decimal(350_000)) == "350.000"


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"biaya-0-amount": "5"}, "Beri nama tarif ini"),
        ({"varian-0-completion_time": "1 hari"}, "Beri nama varian ini"),
        ({"varian-0-biaya-0-name": "Izin"}, "Beri nama varian ini"),
        ({"varian-0-name": "A", "varian-0-biaya-0-amount": "x"}, "Tulis rupiah bulat"),
        ({"legal_basis": "\n".join("a" * 61)}, "Paling banyak 60 butir"),
        ({"requirements": "a" * 501}, "paling panjang 500 huruf"),
        ({"product": "a" * 161}, "160"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(typed, complaint):
    data = sent(StandardForm.of(Content()), typed)

    form = StandardForm.of(Content(), data)

    assert not form.is_valid()
    fees = [each.errors for variant in form.variants for each in variant.fees]
    found = [form.lines.errors, form.fees.errors, form.variants.errors, fees]
    assert complaint in str(found)


def test_two_variants_of_one_name_are_refused():
    data = sent(StandardForm.of(WITH_VARIANT), {"varian-1-name": "10 TAHUN"})

    form = StandardForm.of(Content(), data)

    assert not form.is_valid()
    assert form.variants.non_form_errors() == ["Dua varian bernama sama. Bedakan namanya."]


@pytest.mark.parametrize("total", ["", "-1", "x", "9" * 30])
def test_a_forged_number_of_rows_breaks_nothing(total):
    data = sent(StandardForm.of(WHOLE), {"biaya-TOTAL_FORMS": total})

    form = StandardForm.of(Content(), data)

    form.is_valid()
    assert len(form.fees.forms) <= MOST_FEES
