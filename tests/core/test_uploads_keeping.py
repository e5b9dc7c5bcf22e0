"""Uploaded files lie in the database and leave it as harmless downloads."""

import pytest
from csp.middleware import CSPMiddleware
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from PIL import Image

from core import uploads
from core.models import StoredFile
from core.uploads import Accepted, Kind
from tests.recipes import at

pytestmark = pytest.mark.django_db
NOON = at(12)


def kept(kind=Kind.PNG, title="Tanda Tangan", content=b"isi"):
    return uploads.keep(Accepted(content, kind), title=title, now=NOON)


def test_an_accepted_file_is_stored_byte_for_byte():
    accepted = Accepted(bytes(range(256)), Kind.PDF)

    pk = uploads.keep(accepted, title="Surat Kuasa", now=NOON).pk

    stored = StoredFile.objects.get(pk=pk)
    assert bytes(stored.content) == accepted.content
    assert (stored.kind, stored.size) == ("application/pdf", 256)
    assert (stored.sha256, stored.uploaded_at) == (accepted.sha256, NOON)
    assert str(stored) == "Surat Kuasa"


def test_the_same_file_twice_is_two_files():
    assert kept().pk != kept().pk


@pytest.mark.parametrize("wrong", [{"kind": "text/html"}, {"size": 0}])
def test_the_database_takes_no_other_file(wrong):
    stored = kept()

    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(**wrong)


def test_a_download_is_saved_and_runs_nothing():
    stored = StoredFile.objects.get(pk=kept(Kind.PDF, "../Surat Kuasa").pk)

    response = uploads.download(stored)

    assert response.content == b"isi"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="surat-kuasa.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private"


def test_the_sandbox_is_not_replaced_by_the_policy_of_the_pages():
    response = CSPMiddleware(lambda request: uploads.download(kept()))(RequestFactory().get("/"))

    assert response["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        (Kind.PNG, 'inline; filename="tanda-tangan.png"'),
        (Kind.JPEG, 'inline; filename="tanda-tangan.jpg"'),
        (Kind.PDF, 'attachment; filename="tanda-tangan.pdf"'),
    ],
)
def test_only_a_picture_is_shown_in_a_page(kind, how):
    assert uploads.download(kept(kind), inline=True)["Content-Disposition"] == how


def test_from_the_upload_to_the_download():
    sent = ContentFile(b"")
    Image.new("L", (8, 8)).save(sent, "PNG")

    accepted = uploads.accept(sent, kinds=[Kind.PNG])
    stored = uploads.keep(accepted, title="Logo", now=NOON)

    assert uploads.download(stored).content == accepted.content
