"""Takes what somebody uploaded; neither its name nor its declared type is ever believed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256

from django.core.files import File
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.models import Kind
from core.uploads import documents, pictures
from core.uploads.refusals import NotAFile, TooLarge, WrongKind

LARGEST = 2 * 1024 * 1024  # bytes, as people send it and as it is kept
MAGIC = {b"\x89PNG\r\n\x1a\n": Kind.PNG, b"\xff\xd8\xff": Kind.JPEG, b"%PDF-": Kind.PDF}
# Windows opens devices under these names, whatever extension follows.
DEVICES = {
    *("con", "prn", "aux", "nul"),
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}


@dataclass(frozen=True)
class Accepted:
    """A file without anything in it that its sender did not mean to show."""

    content: bytes
    kind: Kind

    @property
    def extension(self) -> str:
        return self.kind.extension

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def size(self) -> int:
        return len(self.content)

    def filename(self, title: str) -> str:
        """A safe name to save the file under, made from a title of ours."""
        return download_name(title, self.extension)


def accept(file: "File[bytes] | None", *, kinds: Collection[Kind]) -> Accepted:
    """Judge an uploaded file by its content and write it anew. Raises NotAccepted."""
    content = content_of(file)
    kind = next((MAGIC[lead] for lead in MAGIC if content.startswith(lead)), None)
    if kind is None or kind not in kinds:
        sentence = _("Jenis berkas itu tidak diterima. Kirim berkas %(kinds)s.")
        raise WrongKind(sentence % {"kinds": _listed(kinds)})
    if kind is Kind.PDF:
        return Accepted(_bounded(documents.rewritten(content)), kind)
    return Accepted(_smallest(pictures.redrawn(content, kind)), kind)


def content_of(file: "File[bytes] | None") -> bytes:
    """Read what was uploaded, no further than allowed. Raises NotAFile or TooLarge."""
    if file is None:
        raise NotAFile(_("Belum ada berkas yang dipilih. Pilih berkasnya, lalu kirim lagi."))
    # A form may have looked into it before.
    file.seek(0)
    content = _bounded(file.read(LARGEST + 1))
    if not content:
        raise NotAFile(_("Berkas itu kosong. Pilih berkas lain, lalu kirim lagi."))
    return content


def download_name(title: str, extension: str) -> str:
    """A name that every system can save, made from a title: "surat-kuasa.pdf"."""
    stem = slugify(title)[:60].strip("-_") or "berkas"
    return f"berkas-{stem}.{extension}" if stem in DEVICES else f"{stem}.{extension}"


def _smallest(draw: Callable[[int], bytes]) -> bytes:
    """The picture in the largest size that may be kept."""
    for side in pictures.SIDES:
        content = draw(side)
        if len(content) <= LARGEST:
            return content
    return _bounded(content)


def _bounded(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise TooLarge(
            _("Berkas terlalu besar: paling banyak 2 MB. Perkecil berkasnya, lalu kirim lagi.")
        )
    return content


def _listed(kinds: Collection[Kind]) -> str:
    *others, last = [kind.label for kind in Kind if kind in kinds]
    if not others:
        return last
    pattern = _("%(some)s atau %(last)s") if len(others) == 1 else _("%(some)s, atau %(last)s")
    return pattern % {"some": ", ".join(others), "last": last}
