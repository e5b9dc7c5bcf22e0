"""The pages of sheets, for whoever sets up the mall and for nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.models import Agency
from onboarding.models import Trial
from tests.onboarding.imports.test_trials import COURT, HEAD, sheet
from tests.onboarding.path.recipes import somebody
from tests.recipes import make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def page(client, hall):
    client.force_login(somebody(mall=hall.mall))
    return client


def at_mall(hall, route, *more):
    return reverse(route, args=[hall.mall.slug, *more])


def send(client, hall, file, kind="instansi"):
    return client.post(at_mall(hall, "import_try", kind), {"berkas": file})


def test_a_sheet_is_tried_out_agreed_to_and_brought_in(page, hall):
    tried = send(page, hall, sheet(HEAD, COURT))
    shown = page.get(tried.url)
    done = page.post(tried.url, follow=True)

    assert "Kejaksaan Negeri Uji" in shown.content.decode()
    assert "Impor selesai: 1 baris baru, 0 diubah, 0 tetap." in done.content.decode()
    assert Agency.objects.filter(slug="kejari-uji").exists()


def test_what_is_wrong_is_listed_by_row_and_nothing_is_kept(page, hall):
    answer = send(page, hall, sheet(HEAD, COURT, ["", "Tanpa kode", "T", "bumn"]))

    assert (answer.status_code, Trial.objects.count()) == (422, 0)
    assert "1 baris perlu diperbaiki" in answer.content.decode()


@pytest.mark.parametrize("file", [b"", b"\x00\x01", b"PK\x03\x04"])
def test_no_sheet_at_all_is_refused_where_it_was_sent(page, hall, file):
    answer = send(page, hall, SimpleUploadedFile("impor.csv", file))

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_form_without_a_file_is_refused(page, hall):
    assert page.post(at_mall(hall, "import_try", "instansi")).status_code == 422


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["instansi", "layanan", "perjanjian"])
def test_empty_sheets_and_what_is_there_are_downloaded(page, hall, kind, form):
    for route in ("import_template", "import_export"):
        answer = page.get(at_mall(hall, route, kind, form))

        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"".join(answer) if answer.streaming else answer.content


def test_an_empty_sheet_sent_back_brings_nothing_in(page, hall):
    template = page.get(at_mall(hall, "import_template", "instansi", "csv"))
    content = b"".join(template.streaming_content)

    answer = send(page, hall, SimpleUploadedFile("contoh.csv", content))

    assert "Tidak ada yang berubah" in answer.content.decode()


def test_there_are_no_other_kinds_and_forms(page, hall):
    assert page.get(at_mall(hall, "import_template", "pengguna", "csv")).status_code == 404
    assert page.get(at_mall(hall, "import_export", "instansi", "pdf")).status_code == 404


def test_somebody_elses_trial_is_nobodys(page, hall, client):
    tried = send(page, hall, sheet(HEAD, COURT))
    client.force_login(somebody(mall=hall.mall))

    assert client.post(tried.url).status_code == 404
    assert not Agency.objects.filter(slug="kejari-uji").exists()
