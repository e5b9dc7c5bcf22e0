"""Sheets of agreements: rows of one number are one draft; what is signed stays as it was."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.models import Agreement
from onboarding.agreements import register
from onboarding.agreements.register import Signing
from onboarding.imports import trials
from tests.onboarding.agreements.recipes import ON, days_of, neighbour, promise, signed
from tests.onboarding.imports.test_trials import exported, imported, sentences, sheet, tried
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
HEAD = [
    *("Nomor penyelenggara", "Judul", "Jenis", "Berlaku sejak", "Berlaku sampai"),
    *("Penanda tangan penyelenggara", "Jabatan penyelenggara", "Kode instansi"),
    *("Nomor instansi", "Penanda tangan instansi", "Jabatan instansi", "Hari hadir", "Loket"),
]


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def court(hall):
    return neighbour(hall.mall)


def row(agency, days="Sabtu", counters="1", **changed):
    cells = dict(
        zip(
            HEAD,
            [
                *("100/PKS/2026", "PKS MPP Uji", "Perjanjian kerja sama", "09/03/2026"),
                *("2026-12-31", "Budi", "Kepala DPMPTSP", agency.agency.slug, "B-1", "Siti"),
                *("Kepala", days, counters),
            ],
            strict=True,
        )
    )
    cells.update(changed)
    return list(cells.values())


def test_rows_of_one_number_are_one_draft_with_its_parties(hall, court):
    other = neighbour(hall.mall, "Pengadilan Agama")

    imported(hall, "perjanjian", sheet(HEAD, row(court), row(other, days="Minggu")))

    found = Agreement.objects.get()
    assert (found.state, found.parties.count(), found.terms.count()) == ("draft", 3, 2)
    assert days_of(court) == []


def test_an_imported_draft_can_be_signed_and_opens_its_days(hall, court):
    imported(hall, "perjanjian", sheet(HEAD, row(court, days="Sabtu, Minggu")))

    register.sign([Agreement.objects.get()], Signing(ON, "Aula"), by=hall.officer, now=at(9))

    assert [weekday for weekday, *_rest in days_of(court)] == [5, 6]


def test_the_same_sheet_twice_changes_nothing_signed_or_not(hall, court):
    same = [HEAD, row(court)]
    imported(hall, "perjanjian", sheet(*same))
    _trial, drafted = tried(hall, "perjanjian", sheet(*same))
    register.sign([Agreement.objects.get()], Signing(ON, "Aula"), by=hall.officer, now=at(9))
    _trial, done = tried(hall, "perjanjian", sheet(*same))

    assert [plan.count("same") for plan in (drafted, done)] == [1, 1]
    assert [plan.writes_anything for plan in (drafted, done)] == [False, False]


def test_a_draft_is_written_anew(hall, court):
    imported(hall, "perjanjian", sheet(HEAD, row(court)))

    imported(hall, "perjanjian", sheet(HEAD, row(court, days="Minggu")))

    assert Agreement.objects.get().terms.get().weekdays == [6]


def test_what_is_signed_is_not_changed_by_a_sheet(hall, court):
    imported(hall, "perjanjian", sheet(HEAD, row(court)))
    register.sign([Agreement.objects.get()], Signing(ON, "Aula"), by=hall.officer, now=at(9))

    trial, plan = tried(hall, "perjanjian", sheet(HEAD, row(court, days="Minggu")))

    assert trial is None
    assert "ubah dengan adendum" in sentences(plan)[0][2]


def test_what_is_exported_changes_nothing_when_it_comes_back(hall, court):
    base = signed(hall, promise(court, hall.counter, 5))
    signed(hall, promise(court, hall.counter, 6), amends_id=base.pk, parties=_numbered(court))

    _trial, plan = tried(hall, "perjanjian", exported(hall, "perjanjian"))

    assert (plan.problems, plan.count("same"), plan.writes_anything) == ([], 2, False)


def _numbered(court):
    return (
        register.Signatory(None, "ADENDUM/1", "Budi", "Kepala"),
        register.Signatory(court.agency_id, "B-2", "Siti", "Kepala"),
    )


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"Jenis": "Surat cinta"}, "Jenis"),
        ({"Jenis": "Adendum"}, "Mengubah nomor"),
        ({"Berlaku sejak": "31/02/2026"}, "Berlaku sejak"),
        ({"Berlaku sampai": "2026-01-01"}, "Berlaku sampai"),
        ({"Kode instansi": "tidak-ada"}, "Kode instansi"),
        ({"Hari hadir": "Seneng"}, "Hari hadir"),
        ({"Berlaku sampai": "9999-12-31"}, "Berlaku sampai"),
        ({"Berlaku sejak": "0001-01-01"}, "Berlaku sejak"),
        ({"Loket": "99"}, "Loket"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named(hall, court, changed, column):
    _trial, plan = tried(hall, "perjanjian", sheet(HEAD, row(court, **changed)))

    assert (2, column) in {(number, title) for number, title, _sentence in sentences(plan)}


def test_rows_of_one_document_do_not_contradict_each_other(hall, court):
    other = neighbour(hall.mall, "Pengadilan Agama")
    contrary = row(other, Judul="Judul lain")

    _trial, plan = tried(hall, "perjanjian", sheet(HEAD, row(court), contrary))

    assert sentences(plan) == [(3, "Judul", "Berbeda dari baris 2, padahal nomor dokumennya sama.")]


def test_agencies_that_a_sheet_leaves_out_stay_in_the_draft(hall, court):
    other = neighbour(hall.mall, "Pengadilan Agama")
    imported(hall, "perjanjian", sheet(HEAD, row(court), row(other, days="Minggu")))

    imported(hall, "perjanjian", sheet(HEAD, row(court, days="Senin")))

    found = Agreement.objects.get()
    days = dict(found.terms.values_list("presence", "weekdays"))
    assert (found.parties.count(), days) == (3, {court.pk: [0], other.pk: [6]})


def test_what_a_sheet_cannot_say_stays_in_the_draft(hall, court):
    imported(hall, "perjanjian", sheet(HEAD, row(court)))
    Agreement.objects.update(renewal_terms="Otomatis setahun")
    Agreement.objects.get().terms.update(charge_note="Termasuk listrik", staff=3)

    imported(hall, "perjanjian", sheet(HEAD, row(court, days="Senin")))

    found = Agreement.objects.get()
    assert found.renewal_terms == "Otomatis setahun"
    assert list(found.terms.values_list("charge_note", "staff")) == [("Termasuk listrik", 3)]


def test_the_trial_names_what_changes(hall, court):
    imported(hall, "perjanjian", sheet(HEAD, row(court)))

    _trial, plan = tried(hall, "perjanjian", sheet(HEAD, row(court, days="Senin")))

    assert plan.steps[0].changes == ("Hari hadir",)


@pytest.mark.parametrize(
    ("days", "found"),
    [("Sabtu–Senin", [0, 5, 6]), ("Senin, Kamis", [0, 3]), ("setiap hari kerja", [0, 1, 2, 3, 4])],
)
def test_days_are_read_as_people_write_them(hall, court, days, found):
    imported(hall, "perjanjian", sheet(HEAD, row(court, days=days)))

    assert Agreement.objects.get().terms.get().weekdays == found


def test_hours_without_days_are_a_slip(hall, court):
    titles, cells = [*HEAD, "Jumlah petugas"], [*row(court, days="", counters=""), "2"]

    _trial, plan = tried(hall, "perjanjian", sheet(titles, cells))

    assert [title for _row, title, _sentence in sentences(plan)] == ["Hari hadir"]


def test_a_thousand_documents_are_compared_in_a_few_queries(
    hall, court, django_assert_max_num_queries
):
    rows = [row(court, **{"Nomor penyelenggara": f"N/{n}"}) for n in range(300)]
    imported(hall, "perjanjian", sheet(HEAD, *rows))

    with django_assert_max_num_queries(20):
        _trial, plan = tried(hall, "perjanjian", sheet(HEAD, *rows))

    assert plan.count("same") == 300


def test_a_file_that_is_no_sheet_is_refused_with_a_sentence(hall):
    with pytest.raises(trials.tables.NotASheet):
        tried(hall, "perjanjian", SimpleUploadedFile("a.xlsx", b"PK\x03\x04rusak"))
