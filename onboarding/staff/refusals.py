"""Why somebody is not invited, appointed or let go."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused


class NotYours(Refused):
    """Somebody wants to give what they do not look after (any more)."""

    code = "not_yours"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Peran itu di luar kewenangan Anda. Mintalah kepada admin mal atau operator, atau"
                " pilih peran lain."
            )
        )


class AlreadyInvited(Refused):
    code = "already_invited"


class AlreadyHeld(Refused):
    code = "already_held"


class InvitationOver(Refused):
    """It was accepted or withdrawn meanwhile."""

    code = "invitation_over"


class JustSent(Refused):
    code = "just_sent"
    status = 429
    retry_after = 60


class OnlyByMail(Refused):
    """Somebody who comes back: whoever opens their account again must hold its address."""

    code = "only_by_mail"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Surel ini punya akun lama yang ditutup. Akun itu tidak dibuka dengan tautan yang"
                " diserahkan langsung, sebab tautan seperti itu dapat dipakai orang lain."
                " Undangannya perlu dikirim lewat surel, atau dibuat oleh operator."
            )
        )


class InvitationVoid(Refused):
    """Unknown, too old, withdrawn or used: whoever holds the link is told no difference."""

    code = "invitation_void"
    status = 404
    title = gettext_lazy("Undangan Tidak Berlaku")
    leads_back = False

    def __init__(self) -> None:
        super().__init__(
            _(
                "Tautan ini salah, sudah dipakai, sudah ditarik, atau lewat tujuh hari. Bila Anda"
                " sudah menerimanya, masuk saja. Bila belum, minta undangan baru kepada yang"
                " mengundang Anda."
            )
        )


class WrongAccount(Refused):
    """Somebody signed in opens the invitation of another."""

    code = "wrong_account"
    leads_back = False


class AccountRefused(Refused):
    """The account cannot be made so; `complaints` says why field by field."""

    code = "account_refused"
    status = 422

    def __init__(self, complaints: Mapping[str, list[str]]) -> None:
        super().__init__(" ".join(each for field in complaints.values() for each in field))
        self.complaints = complaints


class LastOne(Refused):
    code = "last_one"


class UntilPast(Refused):
    code = "until_past"


class NotTheirCounter(Refused):
    code = "not_their_counter"
