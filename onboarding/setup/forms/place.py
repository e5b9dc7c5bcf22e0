"""What a mall is called and where it stands."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall
from core.lines import LinesField
from onboarding import fields
from onboarding.setup.arranging import places

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Mall]
else:
    ModelForm = forms.ModelForm

MOST = 40  # facilities


class PlaceForm(ModelForm):
    """The mall as citizens read of it."""

    facilities = LinesField(
        label=_("Fasilitas"),
        required=False,
        help_text=_("Satu setiap baris, misalnya: Ruang laktasi."),
    )
    priority_ratio = forms.IntegerField(
        label=_("Prioritas per satu reguler"),
        min_value=1,
        max_value=9,
        help_text=Mall._meta.get_field("priority_ratio").help_text,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Isi angka 1 sampai 9.")
        ),
    )

    class Meta:
        model = Mall
        fields: ClassVar = list(places.FIELDS)
        help_texts: ClassVar = {
            "name": _("Lengkap, misalnya: Mal Pelayanan Publik Kabupaten Bekasi."),
            "short_name": _("Untuk papan dan pesan singkat, misalnya: MPP Bekasi."),
            "organiser": _("Perangkat daerah yang mengelola mal."),
            "place_name": _("Gedung dan lantainya, misalnya: Sentra Grosir Cikarang, lantai 2."),
            "closes_on_joint_leave": _("Hari libur nasional selalu tutup."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("place_name", "address"):
            self.fields[name].required = True

    def clean_facilities(self) -> list[str]:
        lines: list[str] = self.cleaned_data["facilities"]
        if len(lines) > MOST or any(len(line) > 120 for line in lines):
            raise forms.ValidationError(
                _("Paling banyak 40 baris, masing-masing paling panjang 120 huruf.")
            )
        fields.without_nul("".join(lines))
        return lines
