"""The scans of agreements: kept, taken away from a draft, withdrawn from what is signed.

Beside the discarding of drafts no other module writes them.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Agreement, AgreementFile
from core import uploads
from core.uploads import Accepted
from hall import record
from onboarding.agreements import register
from onboarding.agreements.register import Incomplete


@transaction.atomic
def attach(agreement: Agreement, accepted: Accepted, *, title: str, now: datetime) -> AgreementFile:
    """Keep a scan with a document, whatever its state."""
    stored = uploads.keep(accepted, title=title, now=now)
    return AgreementFile.objects.create(agreement=agreement, file=stored, title=title)


@transaction.atomic
def detach(file: AgreementFile) -> None:
    """Take a scan away again, with its content. Raises WrongState once the document is signed."""
    register.refuse_signed(Agreement.objects.select_for_update().get(pk=file.agreement_id))
    file.delete()
    uploads.discard(file.file_id)


@transaction.atomic
def withdraw(file: AgreementFile, *, reason: str, by: User, now: datetime) -> None:
    """Show a wrong scan to nobody any more; that it was there, and why it went, stays said.

    A second time changes nothing. Raises Incomplete without a reason.
    """
    if not reason.strip():
        raise Incomplete(_("Tulis alasannya; yang membaca riwayatnya perlu tahu."))
    found = AgreementFile.objects.select_for_update(of=("self",)).select_related("agreement")
    row = found.get(pk=file.pk)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_for = now, by, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_for"])
    mall_id = row.agreement.mall_id
    record.write("agreement.scan_withdrawn", row.agreement_id, mall_id=mall_id, by=by, now=now)
