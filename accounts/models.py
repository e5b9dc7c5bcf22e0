"""The people who sign in. Citizens have no account."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A member of staff; what they may do follows from their assignments."""

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()
