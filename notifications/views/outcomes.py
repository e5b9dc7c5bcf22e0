"""What a provider answered to a test, said as it is."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from notifications.channels import Answer, Outcome


def tell(request: HttpRequest, answer: Answer) -> None:
    """On the next page: taken, not now, or never, in the words of the provider."""
    said = {"answer": answer.text}
    if answer.outcome == Outcome.ACCEPTED:
        # Taken is not arrived: only whoever holds the phone knows that.
        told = _("Penyedia menerima pesan uji: %(answer)s Lihat apakah pesannya sampai.") % said
        messages.success(request, told)
    elif answer.outcome == Outcome.REFUSED:
        messages.error(request, _("Penyedia menolak pesan uji: %(answer)s") % said)
    else:
        messages.warning(request, _("Pesan uji belum terkirim: %(answer)s") % said)
