"""What somebody who writes a standard types: lines, rows of tariffs, variants, and the decree."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats
from core.lines import EntriesField, LinesField
from services.components import (
    INTERNAL,
    Component,
    Content,
    Fee,
    Requirement,
    Variant,
    requirements_of,
)
from services.models import Fee as FeeRow
from services.models import Service, Standard
from services.models import Variant as VariantRow
from services.standards import Decree

EMPTY_ROWS: Final = 3  # below what is filled, so that no script is needed to write more
MOST_FEES, MOST_VARIANTS = 40, 15
MOST_LINES, LONGEST_LINE = 60, 500
DIGITS: Final = FeeRow.amount.field.max_digits or 0
ONE_A_LINE = gettext_lazy("Satu butir setiap baris.")


# Only the stubs know the parameters of these; Django itself has none.
if TYPE_CHECKING:
    FeeFormSet = forms.BaseFormSet["FeeForm"]
    VariantFormSet = forms.BaseFormSet["VariantForm"]
else:
    FeeFormSet = VariantFormSet = forms.BaseFormSet


def _room(most: int) -> dict[str, Any]:
    """How many rows there are, whatever a browser claims."""
    extra = EMPTY_ROWS if most > MOST_VARIANTS else 1
    return {"extra": extra, "max_num": most, "absolute_max": most, "validate_max": True}


def _short(lines: Iterable[Any]) -> None:
    """Nobody reads a list that never ends."""
    texts = ["".join(each.values()) if isinstance(each, dict) else each for each in lines]
    if len(texts) > MOST_LINES or any(len(text) > LONGEST_LINE for text in texts):
        raise forms.ValidationError(
            _("Paling banyak %(lines)d butir, masing-masing paling panjang %(signs)d huruf.")
            % {"lines": MOST_LINES, "signs": LONGEST_LINE}
        )


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "lang": "id"})


def _lines(component: Component, help_text: Any, *, rows: int = 3) -> LinesField:
    return LinesField(
        label=component.label,
        help_text=help_text,
        required=False,
        validators=[_short],
        widget=_area(rows),
    )


def _text(model: Any, name: str, label: Any, help_text: Any = "") -> forms.CharField:
    """One line that fits the column it is published in."""
    longest = model._meta.get_field(name).max_length
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=longest)


def _needs(label: Any, help_text: Any, *, rows: int) -> EntriesField:
    return EntriesField(
        label=label, help_text=help_text, required=False, validators=[_short], widget=_area(rows)
    )


class AmountField(forms.CharField):
    """Whole rupiah, as people write them: 350000, 350.000 or Rp350.000."""

    def prepare_value(self, value: Any) -> Any:
        return formats.thousands(int(value)) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        digits = str(value or "").strip().removeprefix("Rp").replace(".", "").replace(" ", "")
        if not digits:
            return None
        if not (digits.isascii() and digits.isdigit() and len(digits) <= DIGITS):
            raise forms.ValidationError(_("Tulis rupiah bulat tanpa sen, misalnya 350.000."))
        return Decimal(digits)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(data or "").strip() != str(self.prepare_value(initial) or "")


class FeeForm(forms.Form):
    """One tariff; an empty row is none."""

    name = _text(FeeRow, "name", gettext_lazy("Nama tarif"))
    amount = AmountField(
        label=gettext_lazy("Rupiah"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("amount") is not None and not data.get("name"):
            self.add_error("name", _("Beri nama tarif ini, misalnya Penerbitan."))
        return data


class FeeRows(FeeFormSet):
    @property
    def fees(self) -> tuple[Fee, ...]:
        rows = [form.cleaned_data for form in self.forms]
        return tuple(Fee(row["name"], row["amount"]) for row in rows if row.get("name"))


FeeSet = cast("type[FeeRows]", forms.formset_factory(FeeForm, FeeRows, **_room(MOST_FEES)))


class VariantForm(forms.Form):
    """One kind of the service, with its own rows of tariffs; without a name it is none."""

    name = _text(VariantRow, "name", gettext_lazy("Nama varian"))
    requirements = _needs(
        gettext_lazy("Syarat tambahan"),
        gettext_lazy("Di luar syarat umum. Satu syarat setiap baris."),
        rows=2,
    )
    completion_time = _text(
        VariantRow,
        "completion_time",
        gettext_lazy("Jangka waktu"),
        gettext_lazy("Hanya bila berbeda dari yang umum."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fees = FeeSet(
            self.data if self.is_bound else None,
            prefix=f"{self.prefix}-biaya",
            initial=self.initial.get("fees", []),
        )

    def has_changed(self) -> bool:
        return super().has_changed() or self.fees.has_changed()

    def is_valid(self) -> bool:
        return super().is_valid() and self.fees.is_valid()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        said = data.get("requirements") or data.get("completion_time") or self._has_fees()
        if said and not data.get("name"):
            self.add_error("name", _("Beri nama varian ini, misalnya Elektronik 10 tahun."))
        return data

    def _has_fees(self) -> bool:
        return self.fees.is_valid() and bool(self.fees.fees)

    @property
    def variant(self) -> Variant:
        data = self.cleaned_data
        needs = requirements_of(data["requirements"])
        return Variant(data["name"], needs, data["completion_time"], self.fees.fees)


class VariantRows(VariantFormSet):
    def clean(self) -> None:
        names = [form.cleaned_data.get("name") for form in self.forms if form.is_valid()]
        given = [name.casefold() for name in names if name]
        if len(given) != len(set(given)):
            raise forms.ValidationError(_("Dua varian bernama sama. Bedakan namanya."))

    @property
    def variants(self) -> tuple[Variant, ...]:
        return tuple(form.variant for form in self.forms if form.cleaned_data.get("name"))


VariantSet = cast(
    "type[VariantRows]", forms.formset_factory(VariantForm, VariantRows, **_room(MOST_VARIANTS))
)


class ComponentsForm(forms.Form):
    """The components that are lines; a draft may leave any of them empty."""

    requirements = _needs(
        Component.REQUIREMENTS.label,
        gettext_lazy("Satu syarat setiap baris, catatannya setelah garis tegak: KTP-el | Asli"),
        rows=5,
    )
    procedure = _lines(Component.PROCEDURE, gettext_lazy("Satu langkah setiap baris."), rows=5)
    completion_time = _text(
        Service,
        "completion_time",
        Component.COMPLETION_TIME.label,
        gettext_lazy("Misalnya: 3 hari kerja setelah berkas lengkap"),
    )
    fee_basis = _text(
        Service,
        "fee_basis",
        gettext_lazy("Dasar tarif"),
        gettext_lazy("Peraturan yang menetapkannya. Boleh kosong bila tidak dipungut biaya."),
    )
    product = _text(
        Service, "product", Component.PRODUCT.label, gettext_lazy("Apa yang diterima pemohon.")
    )
    complaint_channel = _text(
        Service,
        "complaint_channel",
        Component.COMPLAINTS.label,
        gettext_lazy("Ke mana pemohon mengadu: meja informasi, telepon, SP4N-LAPOR!"),
    )
    legal_basis = _lines(Component.LEGAL_BASIS, gettext_lazy("Satu peraturan setiap baris."))
    facilities = _lines(Component.FACILITIES, ONE_A_LINE)
    competence = _lines(Component.COMPETENCE, ONE_A_LINE)
    supervision = _lines(Component.SUPERVISION, ONE_A_LINE)
    staff = _lines(Component.STAFF, gettext_lazy("Misalnya: 2 petugas loket, 1 penyelia"), rows=2)
    guarantee = _lines(Component.GUARANTEE, ONE_A_LINE, rows=2)
    safety = _lines(Component.SAFETY, ONE_A_LINE, rows=2)
    evaluation = _lines(Component.EVALUATION, ONE_A_LINE, rows=2)


class StandardForm:
    """The whole of a draft: its lines, its tariffs and its variants, sent together."""

    def __init__(self, data: QueryDict | None, start: dict[str, Any]) -> None:
        self.lines = ComponentsForm(data, initial=start)
        self.fees = FeeSet(data, prefix="biaya", initial=start["fees"])
        self.variants = VariantSet(data, prefix="varian", initial=start["variants"])
        self.is_bound = data is not None

    @classmethod
    def of(cls, content: Content, data: QueryDict | None = None) -> "StandardForm":
        """The form of a draft as it is stored, or as it was sent."""
        return cls(data, _start(content))

    @classmethod
    def widened(cls, data: QueryDict) -> "StandardForm":
        """What was typed so far, unchecked, with empty rows below it."""
        start: dict[str, Any] = {name: data.get(name, "") for name in ComponentsForm.base_fields}
        start["fees"] = _typed(FeeForm, data, "biaya")
        variants = _typed(VariantForm, data, "varian", inner="biaya")
        return cls(None, start | {"variants": variants})

    def is_valid(self) -> bool:
        return all([self.lines.is_valid(), self.fees.is_valid(), self.variants.is_valid()])

    @property
    def published(self) -> list[forms.BoundField]:
        """The fields of delivery before the tariffs, then those after them."""
        return [self.lines[name] for name in ("requirements", "procedure", "completion_time")]

    @property
    def internal(self) -> list[forms.BoundField]:
        return [self.lines[str(name)] for name in INTERNAL]

    @property
    def content(self) -> Content:
        """What was typed, as values."""
        data = self.lines.cleaned_data
        return Content(
            **{name: tuple(data[name]) for name in ("procedure", *map(str, INTERNAL))},
            completion_time=data["completion_time"],
            fee_basis=data["fee_basis"],
            product=data["product"],
            complaint_channel=data["complaint_channel"],
            requirements=requirements_of(data["requirements"]),
            fees=self.fees.fees,
            variants=self.variants.variants,
        )


def _start(content: Content) -> dict[str, Any]:
    kept = {name: list(getattr(content, name)) for name in ("procedure", *map(str, INTERNAL))}
    names = ("completion_time", "fee_basis", "product", "complaint_channel")
    return {
        **kept,
        **{name: getattr(content, name) for name in names},
        "requirements": _entries(content.requirements),
        "fees": [vars(fee) for fee in content.fees],
        "variants": [
            {
                "name": each.name,
                "requirements": _entries(each.requirements),
                "completion_time": each.completion_time,
                "fees": [vars(fee) for fee in each.fees],
            }
            for each in content.variants
        ],
    }


def _entries(requirements: Iterable[Requirement]) -> list[dict[str, str]]:
    return [{"text": each.text, "note": each.note} for each in requirements]


def _typed(
    form: type[forms.Form], data: QueryDict, prefix: str, *, inner: str = ""
) -> list[dict[str, Any]]:
    """The rows of a part as they were typed, without those that are empty."""
    rows = []
    for place in range(MOST_FEES):
        row: dict[str, Any] = {
            name: data.get(f"{prefix}-{place}-{name}", "") for name in form.base_fields
        }
        if inner:
            row["fees"] = _typed(FeeForm, data, f"{prefix}-{place}-{inner}")
        if any(row.values()):
            rows.append(row)
    return rows


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day as browsers and people write it."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Isi tanggalnya, misalnya 2026-03-10.")
        ),
    )


class DecreeForm(forms.Form):
    """The decision that puts a standard in force."""

    number = forms.CharField(
        label=gettext_lazy("Nomor keputusan"),
        max_length=Standard.decree_number.field.max_length,
        help_text=gettext_lazy("Seperti tertulis pada keputusannya."),
    )
    on = day_field(gettext_lazy("Tanggal keputusan"))
    signatory = forms.CharField(
        label=gettext_lazy("Penanda tangan"), max_length=Standard.signatory.field.max_length
    )
    position = forms.CharField(
        label=gettext_lazy("Jabatan"), max_length=Standard.position.field.max_length
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(
                _("Keputusan itu belum bertanggal sampai hari ini. Terbitkan pada tanggalnya.")
            )
        return on

    @property
    def decree(self) -> Decree:
        return Decree(**self.cleaned_data)


class RemarkForm(forms.Form):
    """What the author should change."""

    remark = forms.CharField(
        label=gettext_lazy("Catatan untuk penyusun"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Apa yang perlu diperbaiki, sebutkan bagiannya."),
    )
