"""A small mall in one process: `serve` as it is, in a hurry, which is told from outside what to tell.

A job is a line on stdin: how many messages of which kind; the answer is a line with their keys.
"""

import json
import sys
import threading
from uuid import uuid4

import django

django.setup()

from mpp import embedded  # noqa: E402 - Django must be set up first
from notifications.models import Contact  # noqa: E402
from notifications.states import Channel  # noqa: E402
from tests.hurry import hurry  # noqa: E402
from tests.notifications.posts import contact_of  # noqa: E402
from tests.races.fleet import serve_texts, tell  # noqa: E402
from tests.recipes import make_hall  # noqa: E402


def listen(gateway: str) -> None:
    contact = Contact.objects.first() or _contact(gateway)
    for line in sys.stdin:
        job = json.loads(line)
        told = [tell(contact, job["kind"], event=uuid4().hex) for _each in range(job["times"])]
        print(json.dumps([f"mpp-{message.pk}" for message in told]), flush=True)  # noqa: T201


def _contact(gateway: str) -> Contact:
    mall = make_hall().mall
    serve_texts(mall, gateway)
    return contact_of(mall, Channel.TEXT)


if __name__ == "__main__":
    _module, port, gateway, sweep = sys.argv
    hurry(sweep=float(sweep))
    embedded.start_background_work()
    threading.Thread(target=listen, args=(gateway,), daemon=True).start()
    embedded.serve("127.0.0.1", int(port))
