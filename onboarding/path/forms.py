"""What is typed about the way of a mall: ceremonies, milestones, items, and coach's notes."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall, Region
from onboarding.fields import PresentField, ScanField, day, text
from onboarding.models import Task
from onboarding.path.milestones import Place, Told
from onboarding.path.nation import Asked
from onboarding.path.preparing import Said, Standing, name_of, standing_of
from onboarding.states import Act, Half, Stage

LONGEST = 2000


def words(label: Any, *, help_text: Any = "", required: bool = True) -> forms.CharField:
    """Some lines of text."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis isinya.")},
    )


class OccasionForm(forms.Form):
    """An occasion and whom or what it was about; many of them in one go."""

    title = text(_("Nama acara"), 160)
    held_on = day(_("Tanggal"))
    place = text(_("Tempat acara"), 160)
    present = PresentField()
    document = ScanField(label=_("Naskah bertanda tangan"))
    chosen = forms.MultipleChoiceField(error_messages={"required": _("Pilih paling sedikit satu.")})

    @property
    def what(self) -> dict[str, Any]:
        """The occasion as the rules want it."""
        names = ("title", "held_on", "place", "present", "document")
        return {name: self.cleaned_data[name] for name in names}

    def ticked(self) -> set[str]:
        """What is ticked now, also while something else is wrong."""
        return set(self["chosen"].value() or [])


class CommitmentForm(OccasionForm):
    """The heads of these regions committed themselves."""

    def __init__(self, *args: Any, regions: Iterable[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions = {each.code: each for each in regions}
        choices = [(code, each.name) for code, each in self.regions.items()]
        self.fields["chosen"].choices = choices  # type: ignore[attr-defined]

    @property
    def rows(self) -> list[Region]:
        return [self.regions[code] for code in self.cleaned_data["chosen"]]


class InaugurationForm(OccasionForm):
    """These malls were inaugurated."""

    def __init__(self, *args: Any, malls: Iterable[Mall], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.malls = {each.slug: each for each in malls}
        choices = [(slug, each.short_name) for slug, each in self.malls.items()]
        self.fields["chosen"].choices = choices  # type: ignore[attr-defined]

    @property
    def rows(self) -> list[Mall]:
        return [self.malls[slug] for slug in self.cleaned_data["chosen"]]


class MilestoneForm(forms.Form):
    """What happened to a mall, with what this act needs beside its day."""

    OF_ACT: ClassVar = {
        Act.MOVE: ("place_name", "address"),
        Act.SUSPEND: ("reason",),
    }

    place_name = text(
        _("Nama tempat baru"), 120, help_text=_("Nama gedung atau pusat perbelanjaannya.")
    )
    address = text(_("Alamat baru"), 200)
    reason = text(
        _("Alasan"), 200, help_text=_("Pemohon membacanya di halaman mal, di kios, dan di papan.")
    )
    on = day(_("Tanggal"))
    place = text(_("Tempat acara"), 160, required=False)
    present = PresentField()
    document_number = text(_("Nomor dokumen"), 120, required=False)
    document = ScanField(label=_("Berkas"))
    note = words(_("Catatan"), required=False)

    def __init__(self, *args: Any, act: Act, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = self.OF_ACT.get(act, ())
        for name in {"place_name", "address", "reason"} - {*needed}:
            del self.fields[name]
        if act in self.OF_ACT:
            del self.fields["place"], self.fields["present"]

    @property
    def what(self) -> dict[str, Any]:
        """The milestone as the rule wants it."""
        data = self.cleaned_data
        names = ("place", "document_number", "document", "note")
        told = Told(
            present=tuple(data.get("present") or ()),
            **{name: data[name] for name in names if name in data},
        )
        moved_to = Place(data["place_name"], data["address"]) if "place_name" in data else None
        reason = data.get("reason", "")
        return {"on": data["on"], "told": told, "moved_to": moved_to, "reason": reason}


class TaskForm(forms.Form):
    """What somebody says of an item to prepare."""

    owner = text(_("Penanggung jawab"), 120, required=False, help_text=_("Unit atau jabatan."))
    due = day(_("Tenggat"), required=False)
    standing = forms.TypedChoiceField(
        label=_("Keadaan"), choices=Standing, coerce=Standing, widget=forms.RadioSelect
    )
    done_on = day(
        _("Tanggal selesai"), required=False, help_text=_("Kosong berarti hari ini, bila selesai.")
    )
    reason = text(
        _("Mengapa tidak diperlukan"),
        200,
        required=False,
        help_text=_("Hanya bila Anda memilih “Tidak diperlukan”."),
    )
    note = text(
        _("Keterangan bukti"),
        200,
        required=False,
        help_text=_("Misalnya nomor dan tanggal surat."),
    )
    evidence = ScanField(label=_("Berkas bukti"))
    drops_evidence = forms.BooleanField(label=_("Lepaskan berkas yang ada"), required=False)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "owner": task.owner,
            "due": task.due,
            "standing": standing_of(task),
            "done_on": task.done_on,
            "reason": task.not_needed_for,
            "note": task.evidence_note,
        }
        super().__init__(*args, **kwargs)
        if task.evidence_id is None:
            del self.fields["drops_evidence"]

    @property
    def said(self) -> Said:
        return Said(**self.cleaned_data)


class NewTaskForm(forms.Form):
    """An item that only this mall has."""

    half = forms.TypedChoiceField(
        label=_("Bagian"), choices=Half, coerce=Half, widget=forms.RadioSelect
    )
    name = text(_("Apa yang disiapkan"), Task.name.field.max_length or 0)
    owner = text(_("Penanggung jawab"), 120, required=False, help_text=_("Unit atau jabatan."))
    due = day(_("Tenggat"), required=False)


class NewPlaceForm(forms.Form):
    """One more place of the same organiser."""

    kind = forms.TypedChoiceField(
        label=_("Jenis"),
        choices=Mall.Kind,
        coerce=Mall.Kind,
        initial=Mall.Kind.GPP,
        widget=forms.RadioSelect,
    )
    name = text(_("Nama"), 120, help_text=_("Misalnya Gerai Pelayanan Publik AEON Mall Deltamas."))
    short_name = text(
        _("Nama singkat"), 40, help_text=_("Dipakai di daftar dan papan. Misalnya GPP Deltamas.")
    )
    place_name = text(_("Nama tempat"), 120)
    address = text(_("Alamat"), 200)
    on = day(_("Persiapan dimulai"))

    @property
    def what(self) -> dict[str, Any]:
        """The place as the rule wants it."""
        data = self.cleaned_data
        place = Place(data["place_name"], data["address"])
        return {"short_name": data["short_name"], "place": place, "on": data["on"]}


class NoteForm(forms.Form):
    """What a coach found on a visit."""

    visited_on = day(_("Tanggal kunjungan"))
    about = forms.ChoiceField(label=_("Tentang"), required=False)
    text = words(_("Catatan"), help_text=_("Apa yang perlu diperbaiki, satu hal per catatan."))
    due = day(_("Tenggat"), required=False)
    # Each form has its own, so that a double tap leaves one note.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, tasks: Iterable[Task], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = {str(task.pk): task for task in tasks}
        named = [(pk, name_of(task)) for pk, task in self.tasks.items()]
        self.fields["about"].choices = [("", _("Mal ini secara umum")), *named]  # type: ignore[attr-defined]

    @property
    def what(self) -> dict[str, Any]:
        """The note as the rule wants it."""
        data = self.cleaned_data
        task = self.tasks.get(data["about"])
        return {name: data[name] for name in ("visited_on", "due", "key")} | {"task": task}


class AnswerForm(forms.Form):
    """What the mall did about a note."""

    text = words(_("Tindak lanjut"), help_text=_("Apa yang sudah dilakukan, dan buktinya di mana."))


class AgainForm(forms.Form):
    """What the coach still misses."""

    text = words(_("Yang masih kurang"))
    due = day(_("Tenggat baru"), required=False)


class BoardForm(forms.Form):
    """What of the country is asked for; what makes no sense is not asked."""

    provinsi = forms.CharField(required=False, max_length=60)
    tahap = forms.ChoiceField(required=False, choices=[("", ""), *Stage.choices])
    q = forms.CharField(required=False, max_length=60)
    lama = forms.BooleanField(required=False)

    @property
    def asked(self) -> Asked:
        data = self.cleaned_data
        words = {"province": "provinsi", "stage": "tahap", "q": "q"}
        said = {name: data.get(key) or "" for name, key in words.items()}
        return Asked(still_only=bool(data.get("lama")), **said)
