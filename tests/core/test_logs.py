"""The log says what went wrong, and opens nobody's page."""

import logging

import pytest

from core.logs import Discreet


def written(text, *args):
    return Discreet("%(message)s").format(
        logging.LogRecord("django.request", logging.WARNING, "", 0, text, args, None)
    )


@pytest.mark.parametrize(
    ("asked", "logged"),
    [
        ("/antrean/Ab-c_9xYz/kembali/", "/antrean/…/kembali/"),
        ("/mesin/mpp-uji/tiket/Ab-c_9xYz/?rendah=1", "/mesin/mpp-uji/tiket/…/?rendah=1"),
        ("/reservasi/Ab-c_9xYz/kalender.ics", "/reservasi/…/kalender.ics"),
        ("/permohonan/Ab-c_9xYz/ambil/", "/permohonan/…/ambil/"),
        ("/mal/mpp-uji/layanan/7/reservasi/", "/mal/mpp-uji/layanan/7/reservasi/"),
        ("/kabar/terima/Ab-c_9xYz/", "/kabar/terima/…/"),
        ("/kabar/berhenti/WzEsNV0:1abc:De_f-9/", "/kabar/berhenti/…/"),
        ("/petugas/undangan/Ab-c_9xYz/", "/petugas/undangan/…/"),
        ("/masuk/?next=/petugas/undangan/Ab-c_9xYz/", "/masuk/?next=/petugas/undangan/…/"),
        ("/live/?t=7:1abc:De_f", "/live/?t=…"),
        ("/mal/mpp-uji/layanan/7/", "/mal/mpp-uji/layanan/7/"),
    ],
)
def test_an_address_that_opens_a_page_is_cut(asked, logged):
    assert written("Conflict: %s", asked) == f"Conflict: {logged}"


def test_the_console_uses_it():
    handlers = logging.getLogger().handlers

    assert [type(each.formatter) for each in handlers if type(each) is logging.StreamHandler] == [
        Discreet
    ]
