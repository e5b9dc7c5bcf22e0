"""Where the log of a mall's messages stands."""

from django.urls import reverse


def address(mall, name="messages", *rest):
    return reverse(name, args=[mall.slug, *rest])
