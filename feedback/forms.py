"""What people write about a service, and what staff answer."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _

from agencies.models import Presence
from feedback.complaints import Filed
from feedback.questions import QUESTIONS, Age, Education, Occupation, Question, Sex
from feedback.states import Kind
from feedback.surveys import Said
from notifications.contacts import Standing
from notifications.forms import ReachForm
from services.models import Service

UNCHOSEN = _("Pilih salah satu jawaban.")
UNSAID = ("", _("Tidak dijawab"))
SHORTEST, LONGEST, OPINION_LONGEST, NAME_LONGEST = 20, 2000, 500, 80


class LongText(forms.CharField):
    """Some lines; a browser sends each end of line as two signs and counts one, so does this."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


def _score(question: Question) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=question.text,  # type: ignore[arg-type]  # the stubs know one kind of lazy text
        choices=list(enumerate(question.answers, start=1)),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": UNCHOSEN, "invalid_choice": UNCHOSEN},
    )


def _profile(label: Any, choices: type[IntegerChoices]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[UNSAID, *choices.choices],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Pilih dari yang tersedia.")},
    )


class SurveyForm(forms.Form):
    """The nine questions in the questionnaire's order, and what somebody likes to add."""

    PROFILE: ClassVar = ("age", "sex", "education", "occupation")

    age = _profile(_("Usia"), Age)
    sex = _profile(_("Jenis kelamin"), Sex)
    education = _profile(_("Pendidikan terakhir"), Education)
    occupation = _profile(_("Pekerjaan"), Occupation)
    text = LongText(
        label=_("Saran atau cerita (boleh kosong)"),
        help_text=_("Tanpa nama, nomor telepon, atau NIK. Paling panjang 500 huruf."),
        max_length=OPINION_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("Paling panjang 500 huruf.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.element.field] = _score(question)
        self.order_fields([each.element.field for each in QUESTIONS])

    def scores(self) -> list[forms.BoundField]:
        """The nine questions as fields, in the order in which they are asked."""
        return [self[each.element.field] for each in QUESTIONS]

    def unanswered(self) -> list[forms.BoundField]:
        """The questions that were left out or answered with what is no answer."""
        return [field for field in self.scores() if field.errors]

    def profile(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PROFILE]

    @property
    def said(self) -> Said:
        given = self.cleaned_data
        scores = {each.element: given[each.element.field] for each in QUESTIONS}
        return Said(scores, {name: given[name] for name in self.PROFILE}, given["text"])


class ComplaintForm(ReachForm):
    """What somebody writes to the house; who they are may be left out."""

    kind = forms.TypedChoiceField(
        label=_("Apa yang ingin Anda sampaikan?"),
        choices=Kind,
        coerce=lambda value: Kind(int(value)),
        initial=Kind.COMPLAINT,
        widget=forms.RadioSelect,
        error_messages={"required": UNCHOSEN, "invalid_choice": UNCHOSEN},
    )
    about = forms.ChoiceField(
        label=_("Tentang instansi atau layanan (boleh kosong)"),
        required=False,
        error_messages={"invalid_choice": _("Pilih dari yang tersedia.")},
    )
    text = LongText(
        label=_("Isi"),
        help_text=_("Apa yang terjadi, kapan, dan apa yang Anda harapkan. 20 sampai 2.000 huruf."),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": _("Tulis apa yang ingin Anda sampaikan."),
            "min_length": _("Tulis sedikit lebih lengkap: paling sedikit 20 huruf."),
            "max_length": _("Paling panjang 2.000 huruf."),
        },
    )
    name = forms.CharField(
        label=_("Nama (boleh kosong)"),
        max_length=NAME_LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"}),
        error_messages={"max_length": _("Nama paling panjang 80 huruf.")},
    )
    # Each form has its own, so that a double tap complains once.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    field_order = ("kind", "about", "text", "name", "phone", "email", "channels", "key")

    def __init__(
        self,
        *args: Any,
        presences: Sequence[Presence],
        services: Sequence[Service],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, standing=Standing(), **kwargs)
        self.presences = {f"i{each.pk}": each for each in presences}
        self.services = {f"l{each.pk}": each for each in services}
        self.fields["about"].choices = self._choices()  # type: ignore[attr-defined]
        if "channels" in self.fields:
            self.fields["channels"].label = _("Kabari lewat")

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def what(self) -> list[forms.BoundField]:
        return [self[name] for name in ("kind", "about", "text")]

    def who(self) -> list[forms.BoundField]:
        return [self[n] for n in ("name", "phone", "email", "channels") if n in self.fields]

    @property
    def filed(self) -> Filed:
        given = self.cleaned_data
        service = self.services.get(given["about"])
        presence = self.presences.get(given["about"])
        if service is not None:
            presence = self.presences[f"i{service.presence_id}"]
        return Filed(given["kind"], given["text"], presence, service, given["name"], self.reach)

    def _choices(self) -> list[tuple[Any, Any]]:
        """The house, then each agency with its services."""
        groups: list[tuple[Any, Any]] = [("", _("Mal ini secara umum"))]
        for name, presence in self.presences.items():
            offered = [
                (key, each.title)
                for key, each in self.services.items()
                if each.presence_id == presence.pk
            ]
            groups.append((presence.board_name, [(name, presence.agency.name), *offered]))
        return groups


class WordsForm(forms.Form):
    """What staff say to whoever complained."""

    text = LongText(
        label=_("Jawaban"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Tulis jawabannya."),
            "min_length": _("Tulis sedikit lebih lengkap: paling sedikit 20 huruf."),
            "max_length": _("Paling panjang 2.000 huruf."),
        },
    )


class ForwardForm(forms.Form):
    """To which agency of the mall a complaint goes."""

    agency = forms.TypedChoiceField(
        label=_("Teruskan kepada"),
        coerce=int,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Pilih instansi di mal ini.")
        ),
    )

    def __init__(self, *args: Any, agencies: Sequence[Presence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {each.pk: each for each in agencies}
        choices = [(pk, each.agency.name) for pk, each in self.agencies.items()]
        self.fields["agency"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Presence:
        return self.agencies[self.cleaned_data["agency"]]


class ListForm(forms.Form):
    """Which complaints are listed; what makes no sense is not asked."""

    WAITING, ANSWERED, CLOSED, ALL = "terbuka", "dijawab", "selesai", "semua"
    STATES: ClassVar = [
        (WAITING, _("Menunggu jawaban")),
        (ANSWERED, _("Dijawab")),
        (CLOSED, _("Selesai")),
        (ALL, _("Semua")),
    ]

    KINDS: ClassVar = [("", _("Semua jenis")), *Kind.choices]

    keadaan = forms.ChoiceField(label=_("Keadaan"), choices=STATES, required=False)
    jenis = forms.TypedChoiceField(
        label=_("Jenis"),
        choices=KINDS,
        coerce=int,
        empty_value=None,
        required=False,
    )


class PeriodForm(forms.Form):
    """Of which agency and how many days somebody sees the figures."""

    DAYS: ClassVar = [("30", _("30 hari terakhir")), ("90", _("90 hari terakhir"))]

    instansi = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    hari = forms.ChoiceField(label=_("Waktu"), choices=DAYS, required=False)

    @property
    def days(self) -> int:
        self.full_clean()
        return int(self.cleaned_data.get("hari") or self.DAYS[0][0])

    @property
    def agency(self) -> int | None:
        self.full_clean()
        return self.cleaned_data.get("instansi")
