"""Sheets of agencies and services: tried out, all or nothing, and twice the same is nothing."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from model_bakery import baker

from agencies.models import Agency, Category, Presence
from core.uploads import NotAccepted
from onboarding.imports import KINDS, trials
from onboarding.imports.trials import ChangedMeanwhile, NothingTried
from onboarding.models import Trial
from services.models import Fee, Service, Standard
from tests.onboarding.agreements.recipes import neighbour
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
HEAD = ["Kode instansi", "Nama", "Nama singkat", "Kategori"]
COURT = ["kejari-uji", "Kejaksaan Negeri Uji", "Kejari", "Lembaga peradilan dan penegak hukum"]


@pytest.fixture
def hall():
    return make_hall()


def sheet(*lines, separator=",", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(lines)
    return SimpleUploadedFile("impor.csv", text.getvalue().encode(encoding))


def tried(hall, kind, file, now=None):
    return trials.try_out(kind, file, hall.mall, by=hall.officer, now=now or at(9))


def imported(hall, kind, file):
    trial, _plan = tried(hall, kind, file)
    return trials.bring_in(trial, by=hall.officer, now=at(9, 5))


def exported(hall, kind):
    titles = [column.title for column in KINDS[kind].columns]
    rows = [
        ["" if cell is None else str(cell) for cell in row] for row in KINDS[kind].rows(hall.mall)
    ]
    return sheet(titles, *rows)


def sentences(plan):
    return [(problem.row, problem.column, problem.sentence) for problem in plan.problems]


# --- Agencies ----------------------------------------------------------------------------------


def test_nothing_is_written_before_it_is_agreed_to(hall):
    trial, plan = tried(hall, "instansi", sheet(HEAD, COURT))

    assert (plan.count("new"), trial.imported_at) == (1, None)
    assert not Agency.objects.filter(slug="kejari-uji").exists()


def test_an_agency_is_brought_in_with_how_the_mall_calls_it(hall):
    imported(hall, "instansi", sheet([*HEAD, "Letak"], [*COURT, "Lantai 2"]))

    found = Presence.objects.get(agency__slug="kejari-uji", mall=hall.mall)
    assert (found.agency.category, found.board_name, found.place, found.basis) == (
        Category.JUDICIARY,
        "Kejari",
        "Lantai 2",
        Presence.Basis.AGREEMENT,
    )


def test_the_same_sheet_twice_changes_nothing(hall):
    imported(hall, "instansi", sheet(HEAD, COURT))

    trial, plan = tried(hall, "instansi", sheet(HEAD, COURT))

    assert (trial, plan.count("same"), plan.writes_anything) == (None, 1, False)


def test_what_is_exported_changes_nothing_when_it_comes_back(hall):
    imported(hall, "instansi", sheet(HEAD, COURT))

    for kind in ("instansi", "layanan"):
        _trial, plan = tried(hall, kind, exported(hall, kind))
        assert (plan.problems, plan.writes_anything) == ([], False), kind


def test_one_wrong_row_keeps_the_whole_sheet_out(hall):
    wrong = ["", "X" * 161, "", "Koperasi"]

    trial, plan = tried(hall, "instansi", sheet(HEAD, COURT, wrong))

    assert trial is None
    assert sentences(plan) == [
        (3, "Kategori", next(s for _r, c, s in sentences(plan) if c == "Kategori")),
        (3, "Kode instansi", "Isian ini wajib."),
        (3, "Nama", "Paling panjang 160 huruf."),
        (3, "Nama singkat", "Isian ini wajib."),
    ]
    assert "Badan hukum publik" in sentences(plan)[0][2]


def test_one_agency_stands_in_a_sheet_once(hall):
    _trial, plan = tried(hall, "instansi", sheet(HEAD, COURT, COURT))

    assert sentences(plan) == [(3, "Kode instansi", "Sama dengan baris 2. Sisakan satu.")]


def test_a_parent_may_come_with_the_sheet(hall):
    parent = ["kejagung", "Kejaksaan Agung", "Kejagung", "judiciary"]

    imported(
        hall, "instansi", sheet([*HEAD, "Induk nasional"], [*COURT, "kejagung"], [*parent, ""])
    )

    assert Agency.objects.get(slug="kejari-uji").parent.slug == "kejagung"


def test_a_parent_nobody_knows_is_refused(hall):
    _trial, plan = tried(hall, "instansi", sheet([*HEAD, "Induk nasional"], [*COURT, "tidak-ada"]))

    assert [problem.column for problem in plan.problems] == ["Induk nasional"]


def test_one_mall_does_not_rename_the_agency_of_another(hall):
    far = make_hall(slug="mpp-jauh")
    imported(hall, "instansi", sheet(HEAD, COURT))
    baker.make(
        Presence, mall=far.mall, agency=Agency.objects.get(slug="kejari-uji"), board_name="Kejari"
    )

    _trial, plan = tried(hall, "instansi", sheet(HEAD, [COURT[0], "Nama Lain", *COURT[2:]]))

    assert [(each.row, each.column) for each in plan.problems] == [(2, "Nama")]


def row_of(presence):
    agency = presence.agency
    return [agency.slug, agency.name, agency.short_name, agency.category]


@pytest.mark.parametrize("basis", ["decree", "agreement"])
def test_by_what_right_an_agency_is_there_is_no_matter_of_a_sheet(hall, basis):
    there = neighbour(hall.mall) if basis == "decree" else hall.presence

    _trial, plan = tried(
        hall, "instansi", sheet([*HEAD, "Dasar kehadiran"], [*row_of(there), basis])
    )

    assert [problem.column for problem in plan.problems] == ["Dasar kehadiran"]


def test_what_the_sheet_has_no_column_for_stays_as_it_is(hall):
    Presence.objects.filter(pk=hall.presence.pk).update(decree="12/2026", board_name="Papan")
    Agency.objects.filter(pk=hall.presence.agency_id).update(category="opd")
    hall.presence.agency.refresh_from_db()

    _trial, plan = tried(hall, "instansi", sheet(HEAD, row_of(hall.presence)))

    assert (plan.problems, plan.writes_anything) == ([], False)


def test_what_a_sheet_empties_is_said(hall):
    Agency.objects.filter(pk=hall.presence.agency_id).update(category="opd")
    hall.presence.agency.refresh_from_db()

    _trial, plan = tried(hall, "instansi", sheet([*HEAD, "Letak"], [*row_of(hall.presence), ""]))

    assert plan.steps[0].changes == ("Letak (dikosongkan)",)


def test_an_organisation_that_others_know_is_not_renamed_by_one_mall(hall):
    baker.make(Agency, slug="kejagung", name="Kejaksaan Agung", short_name="K", category="vertical")

    _trial, plan = tried(hall, "instansi", sheet(HEAD, ["kejagung", "Nama Lain", "K", "vertical"]))

    assert [problem.column for problem in plan.problems] == ["Nama"]


def test_nobody_is_above_themselves(hall):
    titles = [*HEAD, "Induk nasional"]
    rows = [["a", "A", "A", "bumn", "b"], ["b", "B", "B", "bumn", "a"]]

    _trial, plan = tried(hall, "instansi", sheet(titles, *rows))

    assert [problem.row for problem in plan.problems] == [2, 3]


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "cp1252")])
def test_sheets_of_any_office_program_are_read(hall, separator, encoding):
    imported(hall, "instansi", sheet(HEAD, COURT, separator=separator, encoding=encoding))

    assert Presence.objects.filter(agency__slug="kejari-uji").exists()


def test_a_formula_stays_text(hall):
    formula = "=HYPERLINK(1)"
    imported(hall, "instansi", sheet(HEAD, [COURT[0], formula, *COURT[2:]]))

    _trial, plan = tried(hall, "instansi", exported(hall, "instansi"))

    assert Agency.objects.get(slug="kejari-uji").name == formula
    assert not plan.writes_anything


def test_five_thousand_rows_are_brought_in_and_one_more_is_not(hall, django_assert_max_num_queries):
    lines = [[f"kantor-{n}", f"Kantor {n}", f"K{n}", "vertical"] for n in range(5_000)]

    with django_assert_max_num_queries(150):
        plan = imported(hall, "instansi", sheet(HEAD, *lines))

    assert plan.count("new") == 5_000
    with pytest.raises(NotAccepted, match=r"5\.000"):
        tried(hall, "instansi", sheet(HEAD, *lines, COURT))


# --- Services ----------------------------------------------------------------------------------

SERVICE = ["Kode instansi", "Kode layanan", "Nama layanan", "Huruf antrean", "Menit di loket"]


def service_row(hall, *more, code="ktp", letter="A"):
    return [hall.presence.agency.slug, code, "KTP-el Baru", letter, "10", *more]


def test_a_service_is_brought_in_with_its_requirements_and_fees(hall):
    titles = [*SERVICE, "Persyaratan", "Biaya"]
    more = ("Kartu Keluarga | Asli\nSurat pengantar", "Elektronik: Rp950.000\nMenurut luas")

    imported(hall, "layanan", sheet(titles, service_row(hall, *more)))

    found = Service.objects.get(code="ktp")
    assert found.requirements == [
        {"text": "Kartu Keluarga", "note": "Asli"},
        {"text": "Surat pengantar", "note": ""},
    ]
    assert list(found.fees.values_list("name", "amount")) == [
        ("Elektronik", 950_000),
        ("Menurut luas", None),
    ]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Menit di loket", "0"),
        ("Menit di loket", "sepuluh"),
        ("Huruf antrean", "Z"),
        ("Kode instansi", "tidak-ada"),
        ("Kode layanan", "kode dengan spasi"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named(hall, column, cell):
    row = service_row(hall)
    row[SERVICE.index(column)] = cell

    _trial, plan = tried(hall, "layanan", sheet(SERVICE, row))

    assert (2, column) in {(each.row, each.column) for each in plan.problems}


@pytest.mark.parametrize("cell", ["http://m-paspor.example", "javascript:alert(1)"])
def test_a_service_is_linked_to_secure_addresses_only(hall, cell):
    titles = [*SERVICE, "Reservasi melalui", "Alamat reservasi"]

    _trial, plan = tried(hall, "layanan", sheet(titles, service_row(hall, "M-Paspor", cell)))

    assert "Alamat reservasi" in {each.column for each in plan.problems}


def test_a_sheet_without_the_texts_of_a_service_leaves_them(hall):
    titles = [*SERVICE, "Persyaratan", "Biaya", "Aktif"]
    imported(
        hall, "layanan", sheet(titles, service_row(hall, "Kartu Keluarga", "A: 1000", "Tidak"))
    )

    _trial, plan = tried(hall, "layanan", sheet(SERVICE, service_row(hall)))

    assert not plan.writes_anything
    imported(hall, "layanan", sheet([*SERVICE, "Produk layanan"], service_row(hall, "KTP-el")))
    found = Service.objects.get(code="ktp")
    assert (found.product, found.is_active, found.fees.count()) == ("KTP-el", False, 1)


def test_what_a_published_standard_says_is_not_changed_by_a_sheet(hall):
    imported(hall, "layanan", sheet(SERVICE, service_row(hall)))
    service = Service.objects.get(code="ktp")
    baker.make(
        Standard,
        service=service,
        state="published",
        version=1,
        content={},
        author=hall.officer,
        reviewer=baker.make("accounts.User"),
        decree_number="1",
        decree_date=at(9).date(),
        published_at=at(9),
    )
    titles = [*SERVICE, "Produk layanan", "Biaya"]

    _trial, plan = tried(hall, "layanan", sheet(titles, service_row(hall, "KTP-el", "A: 1000")))

    assert sorted(each.column for each in plan.problems) == ["Biaya", "Produk layanan"]
    assert not Fee.objects.filter(service=service).exists()


# --- Trials ------------------------------------------------------------------------------------


def test_a_trial_is_brought_in_once(hall):
    trial, _plan = tried(hall, "instansi", sheet(HEAD, COURT))
    trials.bring_in(trial, by=hall.officer, now=at(9, 5))

    with pytest.raises(NothingTried):
        trials.bring_in(trial, by=hall.officer, now=at(9, 6))


def test_an_old_trial_is_not_brought_in(hall):
    trial, _plan = tried(hall, "instansi", sheet(HEAD, COURT))

    with pytest.raises(NothingTried):
        trials.bring_in(trial, by=hall.officer, now=at(9) + 2 * trials.KEPT)


def test_what_does_not_fit_any_more_is_not_brought_in(hall):
    trial, _plan = tried(hall, "layanan", sheet(SERVICE, service_row(hall)))
    hall.queue.letter = "B"
    hall.queue.save()

    with pytest.raises(ChangedMeanwhile):
        trials.bring_in(trial, by=hall.officer, now=at(9, 5))

    assert not Service.objects.filter(code="ktp").exists()


def test_only_what_the_trial_said_is_brought_in(hall):
    imported(hall, "instansi", sheet([*HEAD, "Letak"], [*COURT, "Lantai 1"]))
    trial, _plan = tried(hall, "instansi", sheet([*HEAD, "Letak"], [*COURT, "Lantai 2"]))
    Presence.objects.filter(agency__slug="kejari-uji").update(place="Lantai 2")

    with pytest.raises(ChangedMeanwhile):
        trials.bring_in(trial, by=hall.officer, now=at(9, 5))


def test_a_second_trial_takes_the_place_of_the_first(hall):
    tried(hall, "instansi", sheet(HEAD, COURT))
    tried(hall, "instansi", sheet(HEAD, COURT))

    assert Trial.objects.count() == 1
