"""Counters in bulk, one of them, their zones, and their places on a plan."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter, FloorPlan
from onboarding.fields import NumbersField
from onboarding.setup.arranging import plans
from onboarding.setup.forms.starting import NewForm

ZONES = 5  # rows of the form
PLACE = Counter.place.field.max_length


class CountersForm(NewForm):
    """Zones, and the counters in each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in range(ZONES):
            self.fields[f"place_{each}"] = forms.CharField(
                label=_("Nama zona"), max_length=PLACE, required=False
            )
            self.fields[f"numbers_{each}"] = NumbersField(
                label=_("Nomor loket"), required=False, max_length=400
            )

    def rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"place_{each}"], self[f"numbers_{each}"]) for each in range(ZONES)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for each in range(ZONES):
            place, numbers = data.get(f"place_{each}"), data.get(f"numbers_{each}")
            if place and numbers == []:
                self.add_error(f"numbers_{each}", _("Isi nomor loketnya, misalnya 1–8."))
            if numbers and not place and f"place_{each}" not in self.errors:
                self.add_error(f"place_{each}", _("Isi nama zonanya, misalnya Zona A lantai 1."))
        return data

    @property
    def zones(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in range(ZONES):
            place, numbers = (
                self.cleaned_data[f"place_{each}"],
                self.cleaned_data[f"numbers_{each}"],
            )
            if numbers:
                found.setdefault(place, []).extend(numbers)
        return found


class ZoneForm(forms.Form):
    """Another name for a zone."""

    old = forms.CharField(max_length=PLACE, required=False, widget=forms.HiddenInput)
    new = forms.CharField(label=_("Nama baru"), max_length=PLACE)


class CounterForm(forms.Form):
    """One counter: its number and its zone."""

    number = forms.CharField(
        label=_("Nomor loket"),
        max_length=4,
        validators=[RegexValidator(r"^[1-9]\d{0,2}[A-Z]?$", _("Tulis seperti 7, 12 atau 12A."))],
    )
    place = forms.CharField(label=_("Nama zona"), max_length=PLACE, required=False)


class PictureForm(forms.Form):
    """The plan of a floor."""

    name = forms.CharField(
        label=_("Nama denah"),
        max_length=FloorPlan.name.field.max_length,
        help_text=_("Misalnya: Lantai 1. Gambar baru bernama sama menggantikan yang lama."),
    )
    picture = forms.FileField(
        label=_("Gambar"),
        help_text=_("PNG atau JPEG, paling besar 2 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
        error_messages={"required": _("Pilih berkas gambarnya.")},
    )


class SpotsForm(forms.Form):
    """In which cell of a plan each counter stands; an empty one does not stand on it."""

    def __init__(
        self, *args: Any, plan: FloorPlan, counters: Iterable[Counter], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.counters = plan, list(counters)
        for each in self.counters:
            self.fields[f"cell_{each.pk}"] = forms.CharField(
                label=str(each),
                max_length=3,
                required=False,
                initial=plans.cell_of(plan, each),
                widget=forms.TextInput(attrs={"autocapitalize": "characters", "size": 4}),
            )

    def rows(self) -> list[tuple[Counter, BoundField]]:
        return [(each, self[f"cell_{each.pk}"]) for each in self.counters]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for each in self.counters:
            cell = data.get(f"cell_{each.pk}", "")
            if cell and plans.spot_of(self.plan, cell) is None:
                self.add_error(f"cell_{each.pk}", _("Tulis petaknya seperti C4."))
        return data

    @property
    def spots(self) -> dict[int, plans.Spot | None]:
        """Only what was changed: a place that was clicked is finer than its cell."""
        return {
            each.pk: plans.spot_of(self.plan, self.cleaned_data[f"cell_{each.pk}"])
            for each in self.counters
            if self.cleaned_data[f"cell_{each.pk}"].upper() != plans.cell_of(self.plan, each)
        }


class ClickForm(forms.Form):
    """Where somebody clicked on the picture, in thousandths once it is known how wide it was."""

    counter = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    x = forms.IntegerField(min_value=0, max_value=20_000)
    y = forms.IntegerField(min_value=0, max_value=20_000)
