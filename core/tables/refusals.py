"""Why an uploaded sheet is not read; uploads.NotAccepted catches them with those of any file."""

from django.utils.translation import gettext as _

from core.uploads import NotAccepted


class NotASheet(NotAccepted):
    code = "not_a_sheet"


class WrongColumns(NotAccepted):
    code = "wrong_columns"


class TooManyRows(NotAccepted):
    code = "too_many_rows"


def not_a_sheet() -> NotASheet:
    return NotASheet(
        _(
            "Berkas itu bukan CSV atau XLSX yang dapat dibaca."
            " Simpan sebagai CSV atau XLSX tanpa kata sandi, lalu kirim lagi."
        )
    )


def too_many_rows() -> TooManyRows:
    return TooManyRows(
        _("Barisnya terlalu banyak: paling banyak 5.000. Bagi menjadi beberapa berkas.")
    )
