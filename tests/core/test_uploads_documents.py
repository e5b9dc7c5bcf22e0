"""A PDF people upload comes out as its pages look; whatever acts in it stays behind."""

import logging
from io import BytesIO

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter, get_configuration
from pypdf.annotations import Highlight
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from core import uploads
from core.uploads import Kind, documents


def accept(content):
    file = SimpleUploadedFile("surat.pdf", content, "application/pdf")
    return uploads.accept(file, kinds=[Kind.PDF])


def pages(count=1):
    content = BytesIO()
    canvas = Canvas(content, pagesize=(200, 200))
    for number in range(count):
        canvas.drawString(20, 150, f"Halaman {number + 1}")
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def things(**entries):
    return DictionaryObject(
        {
            NameObject(f"/{name}"): NameObject(value) if type(value) is str else value
            for name, value in entries.items()
        }
    )


def rectangle(*corners):
    return ArrayObject([FloatObject(corner) for corner in corners])


def changed(change, content=None):
    """The PDF after something was put into it."""
    writer = PdfWriter(clone_from=BytesIO(content or pages()))
    change(writer, writer.pages[0])
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def note(writer, page, subtype, **entries):
    thing = things(Type="/Annot", Subtype=subtype, Rect=rectangle(20, 20, 120, 60), **entries)
    page[NameObject("/Annots")] = ArrayObject([*page.get("/Annots", []), thing])
    return thing


def look(writer):
    """A black square, as a field or a note may look."""
    form = pypdf_stream(b"0 0 0 rg 0 0 100 40 re f")
    form.update(things(Type="/XObject", Subtype="/Form", BBox=rectangle(0, 0, 100, 40)))
    return things(N=writer._add_object(form))


def pypdf_stream(data):
    stream = documents.StreamObject()
    stream.set_data(data)
    return stream


def everything_in(content):
    """All objects of a PDF, and what their streams unpack to."""
    reader = PdfReader(BytesIO(content))
    parts = [content]
    for generation in reader.xref.values():
        for number in generation:
            thing = reader.get_object(number)
            parts.append(repr(thing).encode())
            if isinstance(thing, documents.StreamObject):
                parts.append(thing.get_data())
    return b"\n".join(parts)


def darkness(content, place=(70, 160)):
    with pypdfium2.PdfDocument(content) as document:
        document.init_forms()
        return document[0].render(scale=1).to_pil().convert("L").getpixel(place)


def script(writer, page):
    action = things(S="/JavaScript", JS=TextStringObject("app.alert('jahat')"))
    named = ArrayObject([TextStringObject("a"), writer._add_object(action)])
    writer.root_object[NameObject("/Names")] = things(JavaScript=things(Names=named))


def opening_action(writer, page):
    action = things(S="/JavaScript", JS=TextStringObject("jahat"))
    writer.root_object[NameObject("/OpenAction")] = action
    page[NameObject("/AA")] = things(O=action)
    writer.root_object[NameObject("/AA")] = things(WC=action)


def attachment(writer, page):
    writer.add_attachment("jahat.exe", b"MZ jahat")


def attachment_note(writer, page):
    held = pypdf_stream(b"MZ jahat")
    held[NameObject("/Type")] = NameObject("/EmbeddedFile")
    held = things(Type="/Filespec", EF=things(F=writer._add_object(held)))
    note(writer, page, "/FileAttachment", FS=held, AP=look(writer))


def link(writer, page):
    note(writer, page, "/Link", A=things(S="/URI", URI=TextStringObject("https://jahat.example")))


def launching_field(writer, page):
    act = things(S="/Launch", F=TextStringObject("jahat.exe"))
    note(writer, page, "/Widget", A=act, AA=things(E=act), AP=look(writer), FT="/Btn")


def sending_form(writer, page):
    act = things(S="/SubmitForm", F=TextStringObject("https://jahat.example"))
    field = note(writer, page, "/Widget", A=act, AP=look(writer), T=TextStringObject("jahat"))
    writer.root_object[NameObject("/AcroForm")] = things(
        Fields=ArrayObject([writer._add_object(field)]),
        XFA=pypdf_stream(b"<xdp>jahat</xdp>"),
        NeedAppearances=NumberObject(1),
    )


def player(writer, page):
    note(writer, page, "/RichMedia", RichMediaContent=things(A="/jahat"), AP=look(writer))


def attached_to_a_drawing(writer, page):
    form = pypdf_stream(b"0 0 9 9 re f")
    held = things(Type="/Filespec", EF=things(F=writer._add_object(pypdf_stream(b"MZ jahat"))))
    form.update(things(Type="/XObject", Subtype="/Form", BBox=rectangle(0, 0, 9, 9)))
    form[NameObject("/AF")] = ArrayObject([writer._add_object(held)])
    page["/Resources"][NameObject("/XObject")] = things(X=writer._add_object(form))


def words_about_it(writer, page):
    writer.add_metadata({"/Author": "jahat"})
    page[NameObject("/PieceInfo")] = things(X=TextStringObject("jahat"))


@pytest.mark.parametrize(
    "change",
    [
        *(script, opening_action, attachment, attachment_note, link, launching_field),
        *(sending_form, player, attached_to_a_drawing),
        words_about_it,
    ],
)
def test_what_acts_or_hides_in_a_document_is_left_behind(change):
    sent = changed(change)
    assert b"jahat" in everything_in(sent)

    accepted = accept(sent)

    left = everything_in(accepted.content)
    names = (b"/JS", b"/OpenAction", b"/AA", b"/EmbeddedFile", b"/URI", b"/Launch", b"/XFA")
    assert [word for word in (b"jahat", *names) if word in left] == []
    assert PdfReader(BytesIO(accepted.content)).pages[0].extract_text().strip() == "Halaman 1"


@pytest.mark.parametrize("key", ["/F", "/OPI", "/Ref", "/PieceInfo", "/Metadata"])
def test_a_drawing_says_nothing_about_itself_and_loads_nothing(key):
    def about(writer, page):
        form = writer._add_object(look(writer)["/N"])
        form.get_object()[NameObject(key)] = TextStringObject("//jahat/x")
        page["/Resources"][NameObject("/XObject")] = things(X=form)

    sent = changed(about)

    assert b"jahat" in everything_in(sent)
    assert b"jahat" not in everything_in(accept(sent).content)


@pytest.mark.parametrize("act", sorted(documents.ACTIONS))
def test_an_action_is_found_wherever_it_hides(act):
    def hidden(writer, page):
        action = things(S=act, F=TextStringObject("jahat.exe"))
        page["/Resources"][NameObject("/Properties")] = things(P=things(N=ArrayObject([action])))

    sent = changed(hidden)

    assert b"jahat" in everything_in(sent)
    assert b"jahat" not in everything_in(accept(sent).content)


def test_a_note_that_draws_nothing_is_dropped():
    [page] = PdfReader(BytesIO(accept(changed(link)).content)).pages

    assert "/Annots" not in page


def test_the_parser_works_under_our_own_limits(monkeypatch):
    limits = []
    monkeypatch.setattr(documents, "_copied", lambda r: limits.append(get_configuration()) or b"x")

    accept(pages())

    [limit] = limits
    assert limit.page_tree_maximum_entries == 2_000
    unpacked = [limit.zlib_maximum_output_length, limit.lzw_maximum_output_length]
    assert {*unpacked, limit.run_length_maximum_output_length} == {documents.UNPACKED}


def test_the_pages_look_as_before():
    accepted = accept(pages(3))

    texts = [page.extract_text().strip() for page in PdfReader(BytesIO(accepted.content)).pages]
    assert texts == ["Halaman 1", "Halaman 2", "Halaman 3"]
    assert (accepted.kind, accepted.extension) == (Kind.PDF, "pdf")


@pytest.mark.parametrize("change", [launching_field, sending_form])
def test_what_was_filled_in_stays_readable(change):
    sent = changed(change)
    assert darkness(pages()) == 255

    assert darkness(accept(sent).content) == 0


def test_a_ticked_box_stays_ticked():
    def ticked(writer, page):
        states = things(On=look(writer)["/N"].indirect_reference, Off=pypdf_stream(b""))
        note(writer, page, "/Widget", AP=things(N=states), AS="/On", FT="/Btn")

    assert darkness(accept(changed(ticked)).content) == 0


def test_a_highlight_without_a_look_of_its_own_does_no_harm():
    def marked(writer, page):
        quads = rectangle(20, 60, 120, 60, 20, 20, 120, 20)
        writer.add_annotation(0, Highlight(rect=(20, 20, 120, 60), quad_points=quads))

    assert accept(changed(marked)).kind == Kind.PDF


def test_a_page_turned_in_its_scanner_stays_turned():
    def turned(writer, page):
        page.rotate(90)

    assert PdfReader(BytesIO(accept(changed(turned)).content)).pages[0].rotation == 90


def test_what_the_pages_inherit_is_kept():
    def inherited(writer, page):
        page.get_object()["/Parent"][NameObject("/MediaBox")] = page.pop("/MediaBox")

    [page] = PdfReader(BytesIO(accept(changed(inherited)).content)).pages

    assert page.mediabox.width == 200


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n<?php system('id'); ?>",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-" + bytes(range(256)) * 40,
        pages()[:300],
        b"%PDF-1.7\n" + b"startxref\n0\n%%EOF\n" * 9,
    ],
)
def test_what_only_begins_like_a_document_is_refused(content):
    with pytest.raises(uploads.Broken) as refusal:
        accept(content)

    assert refusal.value.code == "broken_file"


def test_a_document_without_pages_is_refused():
    content = BytesIO()
    PdfWriter().write(content)

    with pytest.raises(uploads.Broken):
        accept(content.getvalue())


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
@pytest.mark.parametrize("password", ["", "rahasia"])
def test_a_locked_document_is_refused(password, algorithm):
    def locked(writer, page):
        writer.encrypt(password, "pemilik", algorithm=algorithm)

    with pytest.raises(uploads.Locked) as refusal:
        accept(changed(locked))

    assert "tanpa kata sandi" in str(refusal.value)


def test_two_hundred_pages_are_taken_and_one_more_is_not():
    assert accept(pages(200)).kind == Kind.PDF

    with pytest.raises(uploads.TooManyPages):
        accept(pages(201))


def test_a_document_that_grows_beyond_two_megabytes_is_refused(monkeypatch):
    monkeypatch.setattr(documents, "rewritten", lambda content: bytes(uploads.LARGEST + 1))

    with pytest.raises(uploads.TooLarge):
        accept(pages())


def test_nothing_of_a_broken_document_gets_into_the_log(caplog):
    caplog.set_level(logging.DEBUG)

    with pytest.raises(uploads.Broken):
        accept(b"%PDF-1.7 NIK 3216012345678901\nstartxref\nNIK\n%%EOF")
    accept(pages().replace(b"startxref\n", b"startxref\n9"))

    assert caplog.text == ""
