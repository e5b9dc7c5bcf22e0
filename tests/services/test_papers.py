from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from reportlab.lib.pagesizes import A3, A4

from core.paper.blocks import Party
from core.paper.poster import Size
from core.paper.sheet import Letterhead
from services.papers import (
    Decree,
    Fee,
    Internal,
    Pledge,
    Signature,
    Standard,
    Variant,
    pledge_poster,
    standard_sheet,
)
from tests.papers import in_order, ink, pages, pictures, reader, text

NOW = datetime(2026, 3, 9, 2, 41, tzinfo=UTC)
HEAD = Letterhead(
    region="Pemerintah Kabupaten Bekasi",
    organiser="Mal Pelayanan Publik Kabupaten Bekasi",
    address="Jl. Gatot Subroto, Cikarang Utara",
    zone=ZoneInfo("Asia/Jakarta"),
)
SIGNATURE = Signature(
    Party("Kepala Kantor", "Kantor Imigrasi Bekasi", "Suryo Adiningrat, S.H.", "NIP 19730412"),
    place="Cikarang",
    on=date(2026, 1, 5),
)
INTERNAL = Internal(
    legal_basis=("Undang-Undang Nomor 6 Tahun 2011", "PP 45/2024"),
    facilities=("Loket dan ruang tunggu",),
    competence=("Sarjana",),
    supervision=("Atasan langsung",),
    staff=("4 orang",),
    service_guarantee=("Sesuai janji",),
    safety_guarantee=("Data aman",),
    evaluation=("Setiap tiga bulan",),
)
STANDARD = Standard(
    letterhead=HEAD,
    service="Paspor biasa",
    agency="Kantor Imigrasi Bekasi",
    mall="MPP Kabupaten Bekasi",
    address="https://mpp.example.go.id/paspor",
    decree=Decree("W.11-0045 Tahun 2026", date(2026, 1, 5)),
    version="3",
    in_force_from=date(2026, 2, 1),
    requirements=("KTP elektronik", "Kartu keluarga"),
    procedure=("Ambil nomor antrean", "Wawancara dan foto"),
    completion_time="3 hari kerja",
    fees=(Fee("48 halaman", Decimal(350000)), Fee("Denda kehilangan", None)),
    fee_basis="PP 45/2024",
    product="Buku paspor",
    complaints=("Meja pengaduan", "SP4N-LAPOR!"),
    limits="Paspor hilang tidak dilayani di sini.",
    internal=INTERNAL,
    signature=SIGNATURE,
)
PUBLISHED = [
    *("1. Persyaratan", "1. KTP elektronik", "2. Kartu keluarga"),
    *("2. Sistem, mekanisme,", "1. Ambil nomor antrean", "2. Wawancara dan foto"),
    *("3. Jangka waktu", "3 hari kerja"),
    *("4. Biaya/tarif", "48 halaman Rp350.000", "Denda kehilangan Tergantung kasus"),
    *("Dasar tarif: PP 45/2024", "5. Produk pelayanan", "Buku paspor"),
    *("6. Penanganan", "Meja pengaduan", "SP4N-LAPOR!"),
]
EIGHT = [
    *("7. Dasar hukum", "1. Undang-Undang Nomor 6 Tahun 2011", "2. PP 45/2024"),
    *("8. Sarana, prasarana,", "Loket dan ruang tunggu", "9. Kompetensi", "Sarjana"),
    *("10. Pengawasan internal", "Atasan langsung", "11. Jumlah pelaksana", "4 orang"),
    *("12. Jaminan pelayanan", "Sesuai janji", "13. Jaminan keamanan", "Data aman"),
    *("14. Evaluasi kinerja", "Setiap tiga bulan"),
]
BARE = Standard(HEAD, "Paspor biasa", "Kantor Imigrasi Bekasi", "MPP", "https://mpp.example.go.id")


def sheet(standard, **options):
    return standard_sheet(standard, now=NOW, **options)


def test_the_sheet_holds_the_six_components_in_the_order_citizens_read_them():
    found = text(sheet(STANDARD))

    assert in_order(found, PUBLISHED)
    assert [part for part in EIGHT if part in found] == []


def test_the_sheet_for_the_agency_holds_all_fourteen():
    assert in_order(text(sheet(STANDARD, internal=True)), [*PUBLISHED, *EIGHT])


def test_the_sheet_says_whose_it_is_on_what_it_rests_and_since_when():
    found = text(sheet(STANDARD))

    expected = [
        *("Standar Pelayanan", "Paspor biasa", "Instansi Kantor Imigrasi Bekasi"),
        *("Tempat pelayanan MPP Kabupaten Bekasi", "Nomor keputusan W.11-0045 Tahun 2026"),
        *("Tanggal keputusan Senin, 5 Januari 2026", "Versi 3"),
        "Berlaku sejak Minggu, 1 Februari 2026",
    ]
    assert in_order(found, expected)
    assert "https://mpp.example.go.id/paspor" in found


def test_limits_and_signature_close_the_sheet():
    closing = ["Batasan di MPP ini", STANDARD.limits, "Cikarang, Senin, 5 Januari 2026"]
    signed = ["Kepala Kantor", "Kantor Imigrasi Bekasi", "Suryo Adiningrat, S.H.", "NIP 19730412"]

    assert in_order(text(sheet(STANDARD)), ["SP4N-LAPOR!", *closing, *signed])


def test_nobody_signs_a_page_that_holds_a_signature_only():
    for count in range(2, 14):
        long = replace(STANDARD, limits="", requirements=("Berkas",) * count)

        page = next(page for page in pages(sheet(long)) if "Suryo Adiningrat" in page)
        assert "6. Penanganan" in page


def test_a_code_and_a_link_lead_to_the_live_page():
    [note] = reader(sheet(STANDARD)).pages[0]["/Annots"]

    assert note.get_object()["/A"]["/URI"] == "https://mpp.example.go.id/paspor"
    assert "Pindai untuk membuka versi yang berlaku." in text(sheet(STANDARD))


def test_a_sheet_without_an_address_has_neither_code_nor_promise_of_one():
    written = sheet(replace(STANDARD, address=""))

    assert "/Annots" not in reader(written).pages[0]
    assert "Pindai" not in text(written)


def test_what_was_not_stated_is_said_for_each_component():
    found = text(sheet(BARE, internal=True))

    assert found.count("Belum dicantumkan dalam standar.") == 14
    assert "Tidak dipungut biaya" not in found


@pytest.mark.parametrize(
    ("fees", "said"),
    [
        (None, "Belum dicantumkan dalam standar."),
        ((), "Tidak dipungut biaya."),
        ((Fee("Cetak", Decimal(0)),), "Cetak Tidak dipungut biaya"),
        ((Fee("Cetak", Decimal(350000)),), "Cetak Rp350.000"),
        ((Fee("Cetak", Decimal("1250000.50")),), "Cetak Rp1.250.000,50"),
        ((Fee("Cetak", None),), "Cetak Tergantung kasus"),
    ],
)
def test_a_tariff_that_is_unknown_is_not_one_that_is_free(fees, said):
    found = text(sheet(replace(STANDARD, fees=fees, fee_basis="")))

    cost = found[found.index("Biaya/tarif") : found.index("5. Produk")]
    assert cost.removeprefix("Biaya/tarif").replace("Jenis Tarif", "").strip() == said


def test_each_variant_has_its_own_requirements_time_and_tariffs():
    variants = (
        Variant("Elektronik", ("Surel",), (Fee("48 halaman", Decimal(650000)),), "4 hari kerja"),
        Variant("Anak", ("Akta kelahiran",), ()),
    )
    found = text(sheet(replace(STANDARD, variants=variants)))

    expected = [
        *("1. KTP elektronik", "Khusus Elektronik", "1. Surel", "Khusus Anak", "1. Akta kelahiran"),
        *("Umum 3 hari kerja", "Elektronik 4 hari kerja", "48 halaman Rp350.000"),
        *("Elektronik", "48 halaman Rp650.000", "Anak", "Tidak dipungut biaya.", "5. Produk"),
    ]
    assert in_order(found, expected)


def test_twenty_five_requirements_and_twelve_tariffs_of_four_variants_are_all_there():
    variants = tuple(
        Variant(f"Varian {n}", fees=tuple(Fee(f"Jenis {n}{m}", Decimal(m)) for m in (1, 2, 3)))
        for n in range(4)
    )
    long = "Penerbitan Persetujuan Bangunan Gedung dan Sertifikat Laik Fungsi " * 2
    wide = replace(
        STANDARD,
        service=long,
        variants=variants,
        requirements=tuple(f"{n} {long}" for n in range(1, 26)),
    )

    found = pages(sheet(wide, internal=True))

    whole = " ".join(found)
    assert in_order(whole, [f"{n}. {n} Penerbitan" for n in range(1, 26)])
    assert in_order(whole, [f"Jenis {n}{m} Rp{m}" for n in range(4) for m in (1, 2, 3)])
    assert [f"Halaman {n} dari {len(found)}" in page for n, page in enumerate(found, 1)] == [
        True
    ] * len(found)


def test_a_reader_of_english_gets_the_same_official_paper():
    indonesian = sheet(STANDARD)

    with translation.override("en"):
        assert sheet(STANDARD) == indonesian


@pytest.mark.parametrize("internal", [False, True])
def test_ink_stays_within_the_margins(internal):
    for picture in pictures(sheet(STANDARD, internal=internal)):
        share, (left, top, right, bottom) = ink(picture)
        assert 0.005 < share < 0.3
        assert (left >= 55, top >= 44) == (True, True)
        assert (right <= A4[0] - 55, bottom <= A4[1] - 38) == (True, True)


PLEDGE = Pledge(
    letterhead=HEAD,
    sentences=("Kami sanggup melayani Anda.", "Kami siap menerima sanksi."),
    signature=SIGNATURE,
    address="https://mpp.example.go.id/maklumat",
    agency="Kantor Imigrasi Bekasi",
    decree=Decree("503/Kep.12/2026", date(2026, 1, 5)),
)


@pytest.mark.parametrize(("size", "paper"), [(Size.A4, A4), (Size.A3, A3)])
def test_the_poster_holds_the_pledge_on_one_sheet(size, paper):
    written = pledge_poster(PLEDGE, now=NOW, size=size)

    [found] = pages(written)
    expected = [
        *(HEAD.region, HEAD.organiser, "Maklumat Pelayanan", "Kantor Imigrasi Bekasi"),
        *("Kami sanggup melayani Anda.", "Kami siap menerima sanksi."),
        *("Keputusan 503/Kep.12/2026 Senin, 5 Januari 2026", "Pindai untuk membaca"),
        *("Cikarang, Senin, 5 Januari 2026", "Kepala Kantor", "Suryo Adiningrat, S.H."),
    ]
    assert in_order(found, expected)
    assert [round(float(edge)) for edge in reader(written).pages[0].mediabox[2:]] == [
        round(edge) for edge in paper
    ]


def test_a_longer_pledge_is_set_smaller_and_stays_on_one_sheet():
    sizes = []

    def note(text, _matrix, _text_matrix, _font, size):
        if "sanggup" in text:
            sizes.append(size)

    for count in (1, 4):
        long = replace(PLEDGE, sentences=PLEDGE.sentences * count)
        [page] = reader(pledge_poster(long, now=NOW, size=Size.A3)).pages
        page.extract_text(visitor_text=note)

    assert sizes[0] >= 40
    assert 18 <= sizes[-1] < sizes[0]


def test_a_pledge_without_sentences_says_so():
    [found] = pages(pledge_poster(replace(PLEDGE, sentences=(" ",)), now=NOW))

    assert "Isi maklumat belum dicantumkan." in found


def test_the_same_pledge_is_the_same_bytes():
    assert pledge_poster(PLEDGE, now=NOW) == pledge_poster(PLEDGE, now=NOW)
