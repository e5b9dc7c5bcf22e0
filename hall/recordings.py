"""The clips a mall recorded itself, in place of those that are shipped. Only this module writes."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from agencies.models import Mall
from hall import record, voice
from hall.models import Recording
from hall.refusals import NotAClip

LARGEST = 200_000  # bytes; a second of speech needs a tenth of it
GROUPS = {
    "chime number counter again": gettext_lazy("Nada dan kalimat"),
    "digit": gettext_lazy("Angka nomor antrean"),
    "letter": gettext_lazy("Huruf"),
    "count tens": gettext_lazy("Nomor loket"),
}
LANGUAGES = {"id": gettext_lazy("bahasa Indonesia"), "en": gettext_lazy("bahasa Inggris")}


@dataclass(frozen=True)
class Clip:
    """A clip as its mall sees it: what it says, where it is, and whether it is the mall's own."""

    name: str
    words: str
    address: str
    is_own: bool


@dataclass(frozen=True)
class Section:
    title: str
    language: str
    clips: list[Clip]

    @property
    def own(self) -> int:
        return sum(clip.is_own for clip in self.clips)


def save(mall: Mall, clip: str, file: "File[bytes] | None", *, by: User, now: datetime) -> None:
    """Play this recording wherever the mall's boards say the clip. Raises NotAClip."""
    _refuse_unknown(clip)
    if file is None or not file.size:
        raise NotAClip(_("Pilih dahulu berkas rekamannya."))
    if file.size > LARGEST:
        raise NotAClip(_("Berkas terlalu besar. Rekaman satu bagian paling banyak 200 kB."))
    audio = file.read()
    kind = kind_of(audio)
    if kind is None:
        raise NotAClip(_("Berkas itu bukan rekaman suara. Pakai MP3, M4A, OGG, atau WAV."))
    with transaction.atomic():
        # Of two at once the later one stays.
        Mall.objects.select_for_update(of=("self",), no_key=True).get(pk=mall.pk)
        # A new row for a new recording: its address may be kept for ever.
        Recording.objects.filter(mall=mall, clip=clip).delete()
        saved = Recording.objects.create(
            mall=mall, clip=clip, audio=audio, kind=kind, uploaded_at=now, by=by
        )
        record.write("recording.saved", saved.pk, mall_id=mall.pk, by=by, now=now, detail=clip)


def remove(mall: Mall, clip: str, *, by: User, now: datetime) -> None:
    """Go back to the clip that is shipped; a second time changes nothing. Raises NotAClip."""
    _refuse_unknown(clip)
    with transaction.atomic():
        kept = Recording.objects.select_for_update().filter(mall=mall, clip=clip)
        pk = kept.values_list("pk", flat=True).first()
        if pk is not None:
            kept.delete()
            record.write("recording.removed", pk, mall_id=mall.pk, by=by, now=now, detail=clip)


def _refuse_unknown(clip: str) -> None:
    if clip not in voice.CLIPS:
        raise NotAClip(_("Bagian suara itu tidak ada."))


def of(mall: Mall) -> QuerySet[Recording]:
    """A mall's own recordings, without their sound."""
    return Recording.objects.filter(mall=mall).defer("audio")


def addresses(mall: Mall) -> dict[str, str]:
    """Where the boards of a mall fetch the clips it recorded itself."""
    own = of(mall).values_list("clip", "pk")
    return {clip: reverse("recording", args=[mall.slug, pk]) for clip, pk in own}


def shipped(clip: str) -> str:
    """Where the clip of this name is that comes with the portal."""
    return static(f"audio/{clip}{voice.SUFFIX}")


def sections(mall: Mall) -> list[Section]:
    """Every clip a mall may record, in groups, Indonesian first; the chime has no language."""
    own = addresses(mall)
    return [
        Section(
            f"{title} ({spoken})",
            language,
            [
                Clip(name, _words(name, words), own.get(name) or shipped(name), name in own)
                for name, words in voice.CLIPS.items()
                if _belongs(name, language, kinds.split())
            ],
        )
        for language, spoken in LANGUAGES.items()
        for kinds, title in GROUPS.items()
    ]


def _belongs(name: str, language: str, kinds: list[str]) -> bool:
    home, _slash, stem = name.rpartition("/")
    return (home or "id") == language and stem.split("-")[0] in kinds


def _words(name: str, words: str) -> str:
    """What a clip says, as whoever records it should read it."""
    stem = name.rpartition("/")[2]
    if stem == voice.CHIME:
        return _("Nada sebelum panggilan")
    if stem.startswith("letter-"):
        return f"{stem[-1].upper()} ({words})"
    return f"{words} …" if stem.startswith("tens-") else words


def recording_at(mall: Mall, pk: int) -> Recording:
    """A recording of a mall, for anybody: it is played in public."""
    found = Recording.objects.filter(mall=mall, pk=pk).first()
    if found is None:
        raise Http404
    return found


def kind_of(audio: bytes) -> str | None:
    """The type of a sound file by its first bytes, whatever its name says; None for the rest."""
    if audio.startswith(b"OggS"):
        return "audio/ogg"
    if audio.startswith(b"RIFF") and audio[8:12] == b"WAVE":
        return "audio/wav"
    if audio[4:8] == b"ftyp":
        return "audio/mp4"
    # A frame of MPEG audio begins with eleven set bits; "layer" zero would be something else.
    is_frame = len(audio) > 3 and audio[0] == 0xFF and audio[1] & 0xE6 in {0xE2, 0xE4, 0xE6}
    return "audio/mpeg" if is_frame or audio.startswith(b"ID3") else None
