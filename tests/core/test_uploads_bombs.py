"""A small PDF that would unfold into very much is refused before it keeps the server busy."""

import zlib

import pytest
from django.core.files.base import ContentFile

from core import uploads
from core.uploads import Kind, documents


def accept(content):
    return uploads.accept(ContentFile(content), kinds=[Kind.PDF])


def raw(*objects):
    """A PDF written by hand; the first object is its catalogue."""
    content, places = b"%PDF-1.7\n", []
    for number, thing in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, b"".join(places))
    trailer = b"trailer <</Size %d/Root 1 0 R>>\n" % (len(places) + 1)
    return content + table + trailer + b"startxref\n%d\n%%%%EOF" % len(content)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def test_pages_within_pages_without_end_are_refused_at_once():
    twice = [b"<</Type/Pages/Kids[%d 0 R %d 0 R]>>" % (n + 1, n + 1) for n in range(2, 40)]

    with pytest.raises(uploads.Broken):
        accept(raw(CATALOGUE, *twice, b"<</Type/Page/MediaBox[0 0 9 9]>>"))


@pytest.mark.parametrize(("number", "is_fine"), [(1_000, True), (210_000, False)])
def test_a_page_of_too_many_things_is_refused(number, is_fine):
    page = b"<</Type/Page/MediaBox[0 0 9 9]/Resources<</A[%s]>>>>"
    lists = b"".join(b"[%s]" % (b"0 " * 1_000) for _each in range(number // 1_000))
    sent = raw(CATALOGUE, ONE_PAGE, page % lists)

    if is_fine:
        assert accept(sent).kind == Kind.PDF
    else:
        with pytest.raises(uploads.Broken):
            accept(sent)


def packed(*streams):
    """A PDF whose objects from 100 on are packed, each in a stream of its own."""
    kids = b" ".join(b"%d 0 R" % (100 + n) for n in range(len(streams)))
    page = b"<</Type/Page/MediaBox[0 0 9 9]/Resources<</A[%s]>>>>" % kids
    content, rows = b"%PDF-1.7\n", {}
    things = {1: CATALOGUE, 2: ONE_PAGE, 3: page}
    for n, data in enumerate(streams):
        head = b"%d 0 " % (100 + n)
        body = zlib.compress(head + data)
        kind = b"<</Type/ObjStm/N 1/First %d/Filter/FlateDecode/Length %d>>" % (
            len(head),
            len(body),
        )
        things[10 + n] = kind + b"stream\n" + body + b"\nendstream"
        rows[100 + n] = b"\2" + (10 + n).to_bytes(4, "big") + b"\0\0"
    for number, thing in things.items():
        rows[number] = b"\1" + len(content).to_bytes(4, "big") + b"\0\0"
        content += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    size = max(rows) + 1
    table = b"".join(rows.get(number, bytes(7)) for number in range(size))
    kind = b"<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Length %d>>" % (size, len(table))
    end = b"9 0 obj\n%sstream\n%s\nendstream\nendobj\n" % (kind, table)
    return content + end + b"startxref\n%d\n%%%%EOF" % len(content)


def test_packed_objects_are_unpacked():
    assert accept(packed(b"<<>>", b"[1 2 3]")).kind == Kind.PDF


@pytest.mark.parametrize("streams", [[b"0 " * 30_000_000], [b"[%s]" % (b"0 " * 90_000)] * 30])
def test_a_document_that_unpacks_to_very_much_is_refused_unread(streams, monkeypatch):
    monkeypatch.setattr(documents, "_copied", lambda reader: pytest.fail("read"))

    with pytest.raises(uploads.Broken):
        accept(packed(*streams))
