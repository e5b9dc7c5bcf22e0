"""Why somebody gives something up: asked before, and kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.fields import text


class ReasonForm(forms.Form):
    """The reason, in a sentence."""

    reason = text(_("Alasan"), 300, help_text=_("Tercatat bersama nama Anda dan waktunya."))

    @property
    def said(self) -> str:
        said: str = self.cleaned_data["reason"]
        return said
