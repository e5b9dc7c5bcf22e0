"""From which mall what is taken over."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall
from onboarding.setup.copying import Part


class CopyForm(forms.Form):
    """The mall copied from, and the parts."""

    source = forms.ModelChoiceField(
        queryset=Mall.objects.none(),
        label=_("Salin dari"),
        empty_label=_("Pilih mal"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Pilih malnya.")),
    )
    parts = forms.MultipleChoiceField(
        label=_("Yang disalin"),
        choices=Part.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=Part.values,
        error_messages={"required": _("Pilih paling sedikit satu bagian.")},
    )

    def __init__(self, *args: Any, sources: QuerySet[Mall], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
