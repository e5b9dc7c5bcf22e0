"""A request whose user is known to be signed in, for annotations."""

from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    """Every view that is not `login_not_required` gets one; a middleware has seen to it."""

    user: User
