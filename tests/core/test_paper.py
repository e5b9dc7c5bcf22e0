import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import segno
from reportlab.lib.pagesizes import A3, A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Spacer

from core.paper import blocks, poster, style
from core.paper.components import components
from core.paper.marks import Code
from core.paper.sheet import Letterhead, Sheet, render, together
from tests.papers import SCALE, in_order, ink, pages, pictures, reader, text

TOKENS = Path(__file__).parents[2] / "static/css/tokens.css"
HEAD = Letterhead(
    region="Pemerintah Kabupaten Bekasi",
    organiser="Mal Pelayanan Publik Kabupaten Bekasi",
    address="Jl. Gatot Subroto, Cikarang Utara",
    zone=ZoneInfo("Asia/Jakarta"),
    reference=("Nomor: 503/12/2026",),
)
NOW = datetime(2026, 3, 9, 2, 41, tzinfo=UTC)
PARTY = blocks.Party("Kepala Dinas", "DPMPTSP", "Siti Aminah, S.E.", "NIP 1980")
SHEET = Sheet(HEAD, "Laporan", NOW)
COLUMNS = [blocks.Column("Instansi", 3), blocks.Column("Kunjungan", 1, is_figure=True)]
# As a person may paste it: markup, marks without shape, scripts the font lacks, no place to break.
UNRULY = {
    "one word": "A" * 10_000,
    "sentences": "kata demi kata " * 667,
    "markup": "<b>&amp;<para>]]>&#0;" * 500,
    "unseen": "a\x00\u202e\ud800\u200b" * 2000,
    "other scripts": "漢字😀" * 3333,
    "lines": "baris\n" * 1667,
}


def filler(count):
    return [blocks.gap(1), *blocks.lines(f"Baris {n}" for n in range(count))]


def test_a_paper_says_what_it_is_and_in_which_language():
    read = reader(render(SHEET, filler(1)))

    assert read.metadata.title == "Laporan"
    assert read.metadata.author == "Mal Pelayanan Publik Kabupaten Bekasi"
    assert read.trailer["/Root"]["/Lang"] == "id-ID"
    assert read.metadata.creation_date == NOW


def test_the_head_the_moment_and_the_note_are_on_the_page():
    written = render(Sheet(HEAD, "Laporan", NOW, note="Sumber: antrean."), filler(1))

    expected = [*("Nomor: 503/12/2026", "Baris 0", "Sumber: antrean.")]
    assert all(part in text(written) for part in (HEAD.region, HEAD.organiser, HEAD.address))
    assert all(part in text(written) for part in expected)
    assert "Dicetak Senin, 9 Maret 2026, 09.41 WIB" in text(written)


@pytest.mark.parametrize(("lines", "count"), [(1, 1), (60, 2), (110, 3)])
def test_every_page_knows_its_number_and_how_many_there_are(lines, count):
    found = pages(render(SHEET, filler(lines)))

    numbers = [re.findall(r"Halaman (\d+) dari (\d+)", page) for page in found]
    assert numbers == [[(str(n), str(count))] for n in range(1, count + 1)]


def test_later_pages_repeat_the_title_and_the_organiser():
    first, second = pages(render(SHEET, filler(60)))

    assert first.count("Laporan") == 0  # the story brings its own title
    assert second.count("Laporan") == 1
    assert second.count(HEAD.organiser) == 1


def test_a_note_as_long_as_a_page_is_set_once_and_not_in_every_foot():
    written = render(Sheet(HEAD, "Laporan", NOW, note="Arti istilah. " * 60), filler(60))

    assert text(written).count("Keterangan") == 1
    assert text(written).count("Arti istilah.") == 60


def test_the_same_paper_is_the_same_bytes_and_another_moment_others():
    once, again = (render(SHEET, filler(60)) for _ in range(2))
    later = render(Sheet(HEAD, "Laporan", NOW.replace(hour=3)), filler(60))

    assert once == again
    assert once != later


def test_a_table_repeats_its_head_on_every_page():
    rows = [(f"Instansi {n}", str(n)) for n in range(100)]

    found = pages(render(SHEET, [blocks.table(COLUMNS, rows, total=("Seluruhnya", "4.950"))]))

    assert len(found) == 4
    assert [page.count("Instansi Kunjungan") for page in found] == [1] * 4
    assert in_order(" ".join(found), [f"Instansi {n} {n}" for n in range(100)])
    assert found[-1].count("Seluruhnya 4.950") == 1


def test_a_row_goes_overleaf_whole_unless_no_page_can_hold_it():
    row = [("baris " * 200, "1")]

    moved = pages(render(SHEET, [Spacer(0, 170 * mm), blocks.table(COLUMNS, row)]))
    torn = pages(render(SHEET, [blocks.table(COLUMNS, [("baris " * 4000, "1")])]))

    assert [page.count("baris") for page in moved] == [0, 200]
    assert len(torn) > 2
    assert sum(page.count("baris") for page in torn) == 4000


def test_what_is_empty_says_so():
    story = [
        blocks.table(COLUMNS, [], empty="Belum ada kunjungan."),
        *blocks.numbered([" "], empty="Tanpa persyaratan."),
        blocks.facts([("Nomor", "")]),
    ]

    found = text(render(SHEET, story))

    sentences = ["Belum ada kunjungan.", "Tanpa persyaratan.", "Nomor Belum dicantumkan."]
    assert in_order(found, sentences)


def test_lists_are_numbered_through():
    found = text(render(SHEET, blocks.numbered(f"Berkas {n}" for n in range(1, 13))))

    assert in_order(found, [f"{n}. Berkas {n}" for n in range(1, 13)])


def test_a_component_of_several_pages_names_itself_on_each():
    long = components([("Persyaratan", blocks.numbered(["Berkas"] * 110))])

    found = pages(render(SHEET, long))

    assert [page.count("Persyaratan") for page in found] == [1, 1, 1]
    assert [page.count("(lanjutan)") for page in found] == [0, 1, 1]
    assert in_order(" ".join(found), [f"{n}. Berkas" for n in range(1, 111)])


def test_a_small_heading_inside_a_component_goes_with_what_it_heads():
    for count in range(30, 46):
        content = [*filler(count), blocks.subheading("Khusus"), *blocks.lines(["Surel"] * 9)]

        found = pages(render(SHEET, components([("Persyaratan", content)])))
        assert sum("Khusus Surel" in page for page in found) == 1


def test_a_heading_may_stand_before_a_table_of_many_pages():
    rows = [("kata " * 3000, "1")]

    story = [*blocks.heading("Judul"), blocks.subheading("Anak"), blocks.table(COLUMNS, rows)]

    assert in_order(text(render(SHEET, story)), ["Judul", "Anak", "Instansi Kunjungan kata"])


def test_a_heading_is_never_the_last_on_its_page():
    for lines in range(36, 48):
        story = [*filler(lines), *components([("A", filler(1)), ("B", filler(1))])[:1]]
        first = pages(render(SHEET, [*story[:-1], *blocks.heading("Judul"), story[-1]]))

        at = next(page for page in first if "Judul" in page)
        assert in_order(at, ["Judul", "No. Komponen Uraian"])


def test_a_signature_goes_to_the_next_page_in_one_piece_with_what_it_signs():
    kept = together([*blocks.lines(["Demikian."]), *blocks.signatures([PARTY])])

    first, second = pages(render(SHEET, [Spacer(0, 190 * mm), *kept]))

    assert "Demikian." not in first
    assert in_order(second, ["Demikian.", PARTY.office, PARTY.agency, PARTY.name, PARTY.number])


def test_three_parties_sign_with_office_and_name():
    parties = [blocks.Party(f"Jabatan {n}", f"Instansi {n}", f"Nama {n}") for n in range(3)]

    found = text(render(SHEET, blocks.signatures(parties, above="Cikarang, hari ini")))

    expected = {f"{word} {n}" for n in range(3) for word in ("Jabatan", "Instansi", "Nama")}
    assert {part for part in expected if found.count(part) == 1} == expected
    assert found.count("Cikarang, hari ini") == 1


@pytest.mark.parametrize("unruly", UNRULY.values(), ids=UNRULY)
def test_any_text_is_set_and_as_it_was_written(unruly):
    story = [
        *blocks.title(unruly[:500]),
        blocks.table(COLUMNS, [(unruly, "1")]),
        *components([("Uraian", blocks.numbered([unruly]))]),
    ]

    found = text(render(SHEET, story)).replace(" ", "")

    assert style.clean(unruly)[:40].replace("\n", "").replace(" ", "") in found


@pytest.mark.parametrize("unruly", UNRULY.values(), ids=UNRULY)
def test_any_text_finds_room_in_head_and_signature(unruly):
    head = Letterhead(unruly, unruly[:2000], unruly[:300], HEAD.zone, (unruly[:300],))
    party = blocks.Party(unruly[:300], unruly[:300], unruly)

    written = render(Sheet(head, unruly, NOW, note=unruly), blocks.signatures([party]))

    assert len(pages(written)) > 1


def test_markup_is_only_text():
    found = text(render(SHEET, blocks.lines(['<b>Tebal</b> & "x" <br/>', "a &lt; b"])))

    assert in_order(found, ['<b>Tebal</b> & "x" <br/>', "a &lt; b"])


def test_line_ends_stay_and_what_turns_the_reading_goes():
    assert style.clean("satu\r\ndua\u2028tiga\u202e\x07\ud800 \t") == "satu\ndua\ntiga"


def test_the_code_shows_the_modules_of_the_address():
    address = "https://mpp.example.go.id/l/mpp/paspor"
    side = 60 * mm
    written = render(SHEET, [Code(address, side)])

    picture = pictures(written)[0]
    matrix = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    left, top = code_corner(picture)
    step = side * SCALE / len(matrix)
    seen = [
        [
            int(picture.getpixel((left + (x + 0.5) * step, top + (y + 0.5) * step)) < 128)
            for x in row
        ]
        for y, row in ((y, range(len(matrix))) for y in range(len(matrix)))
    ]
    assert seen == matrix


def code_corner(picture):
    """Where the code begins: below the hem, at the left margin."""
    left = round(20 * mm * SCALE)
    column = [picture.getpixel((left + 4, y)) < 128 for y in range(picture.height)]
    tops = [y for y in range(picture.height) if all(column[y : y + 20])]
    return left, tops[0]


def test_a_code_leads_to_its_address_on_a_screen_too():
    written = render(SHEET, blocks.code("https://mpp.example.go.id/", "Pindai"))

    links = [note.get_object()["/A"]["/URI"] for note in reader(written).pages[0]["/Annots"]]
    assert links == ["https://mpp.example.go.id/"]


def test_ink_stays_within_the_margins():
    rows = [(f"Dinas {'Kependudukan dan ' * 9}{n}", "1.184") for n in range(40)]
    written = render(
        Sheet(HEAD, "Laporan", NOW, note="Sumber."),
        [*blocks.title("Laporan"), blocks.table(COLUMNS, rows), *blocks.signatures([PARTY] * 2)],
    )

    for picture in pictures(written):
        share, (left, top, right, bottom) = ink(picture)
        assert 0.01 < share < 0.3
        assert left >= 20 * mm - 1
        assert top >= 16 * mm - 1
        assert right <= A4[0] - 20 * mm + 1
        assert bottom <= A4[1] - 14 * mm + 1


def test_colours_are_those_of_the_pages():
    tokens = set(re.findall(r"#[0-9a-f]{6}", TOKENS.read_text()))
    used = [style.BRAND, style.MOTIF, style.TEXT, style.TEXT_2, style.STROKE, style.INK]

    assert {f"#{colour.hexval()[2:]}" for colour in used} <= tokens


def test_digits_have_one_width_and_the_signs_people_write_have_a_shape():
    assert len({stringWidth(digit, style.REGULAR, 10) for digit in "0123456789"}) == 1
    assert [sign for sign in "AZazéÉüñşşḥṣ–—‘’“”…•°²≤≥→€№" if ord(sign) not in style.SHAPES] == []


def test_a_sign_the_font_lacks_is_written_plainly_or_leaves_a_box():
    assert style.clean("Ａ ﬁ ² 漢") == "A fi ² □"


WALL = poster.Poster(
    HEAD, "Maklumat Pelayanan", ("Kami sanggup.",), PARTY, address="https://mpp.example.go.id/"
)


@pytest.mark.parametrize(("size", "paper"), [(poster.Size.A4, A4), (poster.Size.A3, A3)])
def test_a_poster_fills_one_sheet_of_its_size_within_the_margins(size, paper):
    written = poster.draw(WALL, size, printed_at=NOW)

    [picture] = pictures(written)
    share, (left, top, right, bottom) = ink(picture)
    side = 28 * mm * paper[0] / A3[0]
    assert [round(edge) for edge in reader(written).pages[0].mediabox[2:]] == [
        round(edge) for edge in paper
    ]
    assert 0.02 < share < 0.3
    assert left >= side - 1
    assert top >= side - 1
    assert right <= paper[0] - side + 1
    assert bottom <= paper[1] - side + 1


@pytest.mark.parametrize("unruly", UNRULY.values(), ids=UNRULY)
def test_a_poster_takes_any_text(unruly):
    party = blocks.Party(unruly[:300], unruly[:300], unruly[:300], unruly[:300])
    wall = poster.Poster(HEAD, unruly[:300], (unruly[:4000],), party, agency=unruly[:300])

    found = pages(poster.draw(wall, poster.Size.A4, printed_at=NOW))

    assert style.clean(unruly)[:10].replace("\n", " ") in " ".join(found)
    assert len(found) == 1 or f"Halaman 1 dari {len(found)}" in found[0]
