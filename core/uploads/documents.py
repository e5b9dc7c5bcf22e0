"""Copies what is drawn on the pages of a PDF into a new one; whatever acts stays behind."""

import logging
import struct
import zlib
from io import BytesIO

from django.utils.translation import gettext as _
from pypdf import PageObject, PdfReader, PdfWriter, apply_configuration
from pypdf.errors import DependencyError, DeprecationError, FileNotDecryptedError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    PdfObject,
    StreamObject,
)

from core.uploads.refusals import Broken, Locked, TooManyPages

PAGES = 200
# What would keep a server busy for more than a second or two is no letter and no certificate.
UNPACKED = 4_000_000  # bytes of packed objects
THINGS = 200_000  # that the pages are drawn with: names, numbers, fonts, pictures
PAGE_KEYS = {
    *("/Type", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate"),
    *("/UserUnit", "/Resources", "/Contents", "/Group", "/Annots"),
}
# Of notes and filled-in fields: how they look, and where.
DRAWN_KEYS = {"/Type", "/Rect", "/AP", "/AS", "/F"}
# On a stream: content kept in a file elsewhere, and what a program wrote about its drawing.
STREAM_KEYS = {"/F", "/OPI", "/Ref", "/PieceInfo", "/Metadata"}
ACTIONS = {
    *("/JavaScript", "/Launch", "/URI", "/SubmitForm", "/ImportData", "/ResetForm", "/Hide"),
    *("/GoTo", "/GoToR", "/GoToE", "/GoTo3DView", "/Named", "/Thread", "/Trans", "/SetOCGState"),
    *("/Movie", "/Sound", "/Rendition", "/RichMediaExecute", "/RichMediaCommand"),
}
# A broken document ends in whatever its parser was doing just then.
FAULTS = (
    *(PyPdfError, OSError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError),
    *(AssertionError, RecursionError, NotImplementedError, struct.error, zlib.error),
    DeprecationError,
)

# It quotes what it stumbles over, and what people send is none of a log's business.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def rewritten(content: bytes) -> bytes:
    """Write a PDF anew from its pages alone. Raises Broken, Locked or TooManyPages."""
    try:
        with apply_configuration(
            zlib_maximum_output_length=UNPACKED,
            lzw_maximum_output_length=UNPACKED,
            run_length_maximum_output_length=UNPACKED,
            page_tree_maximum_entries=10 * PAGES,
        ):
            return _copied(_opened(content))
    except (DependencyError, FileNotDecryptedError) as fault:
        raise _locked() from fault
    except FAULTS as fault:
        raise _broken() from fault


def _opened(content: bytes) -> PdfReader:
    reader = PdfReader(
        BytesIO(content), root_object_recovery_limit=1_000, xref_stream_maximum_entries=100_000
    )
    if reader.is_encrypted:
        raise _locked()
    unpacked = 0
    for number in {stream for stream, _place in reader.xref_objStm.values()}:
        packed = reader.get_object(number)
        unpacked += len(packed.get_data()) if isinstance(packed, StreamObject) else 0
        if unpacked > UNPACKED:
            raise _broken()
    return reader


def _copied(reader: PdfReader) -> bytes:
    # The catalogue stays behind: it holds scripts, opening actions, attached files and XFA.
    writer = PdfWriter()
    if not reader.pages:
        raise _broken()
    if len(reader.pages) > PAGES:
        raise TooManyPages(
            _("PDF itu terlalu panjang: paling banyak 200 halaman. Pisahkan, lalu kirim lagi.")
        )
    pages = [_drawn(page) for page in reader.pages]
    _disarm(pages)
    for page in pages:
        writer.add_page(page)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def _drawn(page: PageObject) -> PageObject:
    for key in set(page) - PAGE_KEYS:
        del page[key]
    notes = _resolved(page.pop("/Annots", None))
    stamps = [_stamp(_resolved(note)) for note in notes] if isinstance(notes, ArrayObject) else []
    if drawn := [stamp for stamp in stamps if stamp is not None]:
        page[NameObject("/Annots")] = ArrayObject(drawn)
    return page


def _stamp(note: PdfObject | None) -> DictionaryObject | None:
    """What a note or a field looks like, without what it does."""
    if not isinstance(note, DictionaryObject) or "/AP" not in note:
        return None
    stamp = DictionaryObject({key: note.raw_get(key) for key in DRAWN_KEYS & set(note)})
    stamp[NameObject("/Subtype")] = NameObject("/Stamp")
    return stamp


def _disarm(pages: list[PageObject]) -> None:
    """Empty whatever acts or carries a file among the things the pages are drawn with."""
    seen: dict[int, PdfObject] = {}
    waiting: list[PdfObject] = [*pages]
    left = THINGS
    while waiting:
        thing = _resolved(waiting.pop())
        if not isinstance(thing, DictionaryObject | ArrayObject) or id(thing) in seen:
            continue
        seen[id(thing)] = thing
        left -= len(thing)
        if left < 0:
            raise _broken()
        if isinstance(thing, DictionaryObject):
            _take_out(thing)
        # Both would follow the references themselves, into nothing where one is broken.
        waiting += dict.values(thing) if isinstance(thing, dict) else list.__iter__(thing)


def _take_out(thing: DictionaryObject) -> None:
    if isinstance(thing, StreamObject):
        for key in STREAM_KEYS & set(thing):
            del thing[key]
    elif str(_resolved(thing.get("/S"))) in ACTIONS or "/EF" in thing:
        thing.clear()


def _resolved(thing: PdfObject | None) -> PdfObject | None:
    return None if thing is None else thing.get_object()


def _broken() -> Broken:
    return Broken(_("PDF itu rusak dan tidak dapat dibaca. Simpan ulang, lalu kirim lagi."))


def _locked() -> Locked:
    return Locked(
        _("PDF itu terkunci. Simpan salinannya tanpa kata sandi, lalu kirim salinan itu.")
    )
