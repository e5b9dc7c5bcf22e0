"""Agencies: chosen from the list, written down anew, and how each is shown at the mall."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Category, Presence
from onboarding.setup.arranging.presences import Basis, Detail, New

NEW = 20  # rows of the form
PARENTS = 300  # in its list
ICONS = (
    *(("building-2", _("Gedung")), ("landmark", _("Kantor pemerintah")), ("id-card", _("Kartu"))),
    *(("users", _("Penduduk")), ("plane", _("Perjalanan")), ("shield", _("Perisai"))),
    *(("shield-check", _("Perlindungan")), ("scale", _("Peradilan")), ("gavel", _("Hukum"))),
    *(("car", _("Kendaraan")), ("receipt-text", _("Pajak")), ("banknote", _("Uang"))),
    *(("wallet", _("Pembayaran")), ("heart-pulse", _("Kesehatan")), ("pill", _("Obat"))),
    *(("heart", _("Sosial")), ("baby", _("Anak")), ("graduation-cap", _("Pendidikan"))),
    *(("briefcase", _("Pekerjaan")), ("store", _("Usaha")), ("house", _("Rumah"))),
    *(("map", _("Tanah")), ("zap", _("Listrik")), ("mail", _("Pos")), ("phone", _("Telepon"))),
    *(("wifi", _("Internet")), ("book-user", _("Keimigrasian")), ("flag", _("Kebangsaan"))),
)


class AskedForm(forms.Form):
    """What the list of agencies is asked for."""

    q = forms.CharField(label=_("Cari nama"), max_length=80, required=False)
    kategori = forms.ChoiceField(
        label=_("Kategori"), required=False, choices=[("", _("Semua")), *Category.choices]
    )

    def found(self, rows: QuerySet[Agency]) -> QuerySet[Agency]:
        data = self.cleaned_data
        for word in data.get("q", "").split()[:6]:
            rows = rows.filter(name__icontains=word) | rows.filter(short_name__icontains=word)
        return rows.filter(category=data["kategori"]) if data.get("kategori") else rows

    def kept(self) -> str:
        """What is asked for, as the beginning of an address."""
        asked = urlencode({name: value for name, value in self.cleaned_data.items() if value})
        return f"{asked}&" if asked else ""


class JoinForm(forms.Form):
    """Agencies ticked in the list."""

    agencies = forms.ModelMultipleChoiceField(
        queryset=Agency.objects.none(),
        label=_("Instansi"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Centang paling sedikit satu instansi.")},
    )

    def __init__(self, *args: Any, offered: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = offered  # type: ignore[attr-defined]


class NewForm(forms.Form):
    """Agencies that the portal does not know, one a row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = Agency.objects.filter(parent=None).exclude(category__in=LOCAL)
        named = list(parents.order_by("name").values_list("pk", "name")[:PARENTS])
        for each in range(NEW):
            self.fields |= {
                f"name_{each}": _text(_("Nama lengkap"), Agency.name.field.max_length),
                f"short_{each}": _text(_("Nama singkat"), Agency.short_name.field.max_length),
                f"category_{each}": forms.ChoiceField(
                    label=_("Kategori"), required=False, choices=[("", "–"), *Category.choices]
                ),
                f"parent_{each}": forms.TypedChoiceField(
                    label=_("Induk nasional"),
                    required=False,
                    choices=[("", "–"), *named],
                    coerce=int,
                    empty_value=None,
                ),
            }

    def rows(self) -> list[list[BoundField]]:
        names = ("name", "short", "category", "parent")
        return [[self[f"{name}_{each}"] for name in names] for each in range(NEW)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for each in range(NEW):
            typed = [data.get(f"{name}_{each}") for name in ("name", "short", "category")]
            if any(typed) and not all(typed):
                missing = ("name", "short", "category")[[bool(one) for one in typed].index(False)]
                if f"{missing}_{each}" not in self.errors:
                    self.add_error(f"{missing}_{each}", _("Isi juga kolom ini."))
        if not self.errors and not any(data.get(f"name_{each}") for each in range(NEW)):
            self.add_error("name_0", _("Tulis paling sedikit satu instansi."))
        return data

    @property
    def new(self) -> list[New]:
        data = self.cleaned_data
        ids = {data[f"parent_{each}"] for each in range(NEW)} - {None}
        parents = Agency.objects.in_bulk(ids)
        return [
            New(
                data[f"name_{each}"],
                data[f"short_{each}"],
                data[f"category_{each}"],
                parents.get(data[f"parent_{each}"]),
            )
            for each in range(NEW)
            if data[f"name_{each}"]
        ]


LOCAL = (Category.OPD, Category.PROVINCIAL, Category.BUMD)


def _text(label: Any, most: int | None, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required)


class DetailsForm(forms.Form):
    """How the agencies of one page are shown at the mall."""

    NAMES = ("board", "icon", "place", "basis", "decree")

    def __init__(self, *args: Any, presences: Iterable[Presence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.presences = list(presences)
        for each in self.presences:
            icons = [*ICONS] if each.icon in dict(ICONS) else [(each.icon, each.icon), *ICONS]
            made: dict[str, tuple[forms.Field, str]] = {
                "board": (_text(_("Nama di papan"), 40, required=True), each.board_name),
                "icon": (forms.ChoiceField(label=_("Ikon"), choices=icons), each.icon),
                "place": (_text(_("Letak"), 80), each.place),
                "basis": (
                    forms.ChoiceField(label=_("Dasar kehadiran"), choices=Basis.choices),
                    each.basis,
                ),
                "decree": (_text(_("Nomor keputusan"), 120), each.decree),
            }
            for name, (field, initial) in made.items():
                field.initial = initial
                self.fields[f"{name}_{each.pk}"] = field

    def rows(self) -> list[tuple[Presence, list[BoundField]]]:
        return [
            (each, [self[f"{name}_{each.pk}"] for name in self.NAMES]) for each in self.presences
        ]

    @property
    def details(self) -> list[Detail]:
        return [
            Detail(each.pk, *(self.cleaned_data[f"{name}_{each.pk}"] for name in self.NAMES))
            for each in self.presences
        ]
