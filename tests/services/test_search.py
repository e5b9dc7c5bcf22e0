import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpp import seed
from services import search


def demo_entries():
    rows = (
        (mall, presence, service)
        for mall in seed.read()["malls"]
        for presence in mall["presences"]
        for service in presence["services"]
    )
    return [
        search.Entry(
            id,
            service["name"],
            service["name_en"],
            tuple(service["keywords"]),
            (presence["agency"]["name"], presence["agency"]["short_name"]),
        )
        for id, (_mall, presence, service) in enumerate(rows)
    ]


ENTRIES = demo_entries()
NAMES = {entry.id: entry.name for entry in ENTRIES}
INDEX = search.build(ENTRIES)


def first(question):
    hits = search.rank(question, INDEX)
    return NAMES[hits[0].id] if hits else None


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("bikin paspor", "Paspor baru"),
        ("ktp hilang", "KTP-el, rekam atau cetak ulang"),
        ("KTP saya hilang, gimana?", "KTP-el, rekam atau cetak ulang"),
        ("kehilangan ktp", "KTP-el, rekam atau cetak ulang"),
        ("perpanjang sim", "Perpanjangan SIM A dan SIM C"),
        ("cara memperpanjang SIM", "Perpanjangan SIM A dan SIM C"),
        ("bayar pajak motor", "Pajak kendaraan dan pengesahan STNK tahunan"),
        ("kartu kuning", "Kartu AK-1 (kartu pencari kerja)"),
        ("saya mau mengurus akte lahir anak", "Kutipan akta kelahiran"),
        ("ijin usaha", "NIB melalui OSS (pendampingan)"),
        ("pindah rumah", "Pindah datang dan pindah keluar"),
        ("membayar pbb", "Pembayaran dan cek tunggakan PBB"),
        ("legalisir ijazah", "Mutasi siswa dan legalisasi ijazah"),
        ("mengambil ktp", "Pengambilan dokumen"),
        ("birth certificate", "Kutipan akta kelahiran"),
        ("bpjs", "Pendaftaran peserta JKN"),
        ("cerai", "Pendaftaran gugatan dan permohonan"),
        ("e-court", "Pendaftaran perkara e-Court"),
        ("roya", "Roya (penghapusan hak tanggungan)"),
        ("bansos", "Cek dan usul data bantuan sosial"),
    ],
)
def test_plain_words_find_the_service_first(question, name):
    assert first(question) == name


@pytest.mark.parametrize(
    "typed",
    ["paspot", "pasport", "papsor", "paspr", "passpor", "PASPOR", "páspor", "  paspor!! "],
)
def test_a_slip_of_the_finger_still_finds_the_passport(typed):
    assert first(typed) == "Paspor baru"


def test_short_words_are_never_taken_for_typos():
    assert search.rank("stm", INDEX) == []


@pytest.mark.parametrize(
    "question", ["", "   ", "😀", "\x00", "<script>alert(1)</script>", "xyzzyq", "?!", "a" * 10_000]
)
def test_what_means_nothing_finds_nothing(question):
    assert search.rank(question, INDEX) == []


def test_a_mall_is_searched_alone():
    own = {entry.id for entry in ENTRIES if "Kabupaten Bekasi" in entry.agencies[0]}

    hits = search.rank("ktp", INDEX, among=own)

    assert {hit.id for hit in hits} <= own
    assert NAMES[hits[0].id] == "KTP-el, rekam atau cetak ulang"


def test_scores_fall_and_nothing_stands_twice():
    hits = search.rank("pajak kendaraan", INDEX)

    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.id for hit in hits}) == len(hits)


@given(st.text())
def test_no_question_breaks_the_search(question):
    assert all(hit.score > 0 for hit in search.rank(question, INDEX))


@given(st.text(max_size=40))
def test_words_are_plain_letters_and_digits(text):
    assert all(word.isascii() and word.isalnum() for word in search.words(text))


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("paspor", "paspor", False),
        ("paspor", "paspot", True),
        ("paspor", "papsor", True),
        ("paspor", "pasporr", True),
        ("paspor", "papor", True),
        ("paspor", "paspo", True),
        ("paspor", "pasps", False),
        ("paspor", "sapsor", False),
        ("paspor", "paspor12", False),
        ("akta", "akte", True),
    ],
)
def test_one_typo_is_one_letter(one, other, close):
    assert search.is_one_typo(one, other) is close
    assert search.is_one_typo(other, one) is close


def test_when_nothing_is_found_names_that_look_alike_are_offered_and_no_others():
    names = {1: "Dinas Sosial", 2: "Kantor Imigrasi", 3: "Dinas Kesehatan"}

    assert search.nearest("migrasi", names, most=2) == [2]
    assert search.nearest("dinass", names, most=2) == [3, 1]
    assert search.nearest("qwerty", names, most=2) == []


def test_an_empty_index_answers_too():
    assert search.rank("paspor", search.build([])) == []
