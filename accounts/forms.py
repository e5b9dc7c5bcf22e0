"""The sign-in of the staff."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignIn(AuthenticationForm):
    """One sentence for everything that can be wrong: it must not tell who has an account."""

    error_messages = {
        "invalid_login": _(
            "Nama pengguna atau sandi tidak cocok. Periksa keduanya; huruf besar dan kecil"
            " dibedakan."
        ),
    }
