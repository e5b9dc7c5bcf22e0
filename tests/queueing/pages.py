"""A citizen's page as it reads, the page of a ticket, and what its buttons send."""

import re

from django.urls import reverse

from queueing.models import Visit
from tests.recipes import key


def text(response):
    """What a page says, without its tags, on one line."""
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]*>", " ", body).replace("&amp;", "&").split())


def page_of(pk):
    return reverse("ticket", args=[Visit.objects.get(tickets=pk).token])


def act(client, name, pk, one=None):
    token = Visit.objects.get(tickets=pk).token
    return client.post(reverse(name, args=[token]), {"key": str(one or key())})
