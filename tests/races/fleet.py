"""Real Celery processes with a real Redis, and the provider they send to; see hatchery.py."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from copy import copy
from pathlib import Path
from unittest import mock

import psutil
from celery import Celery
from model_bakery import baker

from core import clock
from notifications import outbox
from notifications.models import Message, Messaging, Provider
from notifications.states import ARRIVED, Channel, State
from tests import servers
from tests.notifications.conftest import GATEWAY
from tests.notifications.fakes import Web
from tests.notifications.posts import BOOKED, CALLED, states
from tests.races.crowd import database_url

PATIENCE = 40.0
ALL_QUEUES = "codes,calls,reminders,reports,default"
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING")


class Gateway(Web):
    """A gateway that notes when it took what, and takes its time to say so."""

    def __init__(self):
        self.arrived, self.delay = [], (0.0, 0.0)
        super().__init__()

    def act(self, handler, body):
        self.arrived.append((self.seen[-1].form["ref"], time.monotonic()))
        if self.delay != (0.0, 0.0):
            self.ended.wait(random.uniform(*self.delay))
        super().act(handler, body)

    def keys(self):
        """How often it took each message."""
        return Counter(key for key, _when in self.arrived)

    def when(self, message):
        """The moment at which it first took a message, or nothing."""
        key = f"mpp-{message.pk}"
        return next((when for found, when in list(self.arrived) if found == key), None)

    def serve(self, mall):
        """Carry the texts of a mall."""
        return serve_texts(mall, self.url)


def serve_texts(mall, url):
    """A mall whose texts go to the gateway at this address; its provider."""
    settings = {**GATEWAY, "url": f"{url}/kirim", "key_field": "ref"}
    baker.make(Messaging, mall=mall, order=[int(Channel.TEXT)], daily_budget=None)
    about = {"channel": Channel.TEXT, "is_on": True, "settings": settings}
    return baker.make(Provider, mall=mall, **about)


class Fleet:
    """Starts and kills celery processes; everything that is left is killed with it."""

    def __init__(self, redis: servers.Redis, listed: list[str], home: Path) -> None:
        self.home, self.redis = home, redis
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis.url,
            "NOTIFY_PRIVATE_HOSTS": ",".join(listed),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.races.hatchery"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        # Whoever writes messages here pokes as a process of the portal would.
        self.portal = Celery("portal", set_as_current=False)
        self.portal.conf.update(json.loads(self.process.stdout.readline()))
        self.running: list[int] = []

    def close(self) -> None:
        self.kill_all()
        self.process.communicate(timeout=20)

    def worker(self, queues=ALL_QUEUES, *, processes=2, shift=0.0) -> int:
        """A worker that is at work when this returns."""
        name = f"w{len(self.running)}-{random.getrandbits(32):x}"
        more = [f"--queues={queues}", f"--concurrency={processes}", f"--hostname={name}", *QUIET]
        return self._hatch(["worker", *more], shift)

    def beat(self, *, shift=0.0) -> int:
        """The clock of the sweeps, twice a second."""
        file = self.home / f"beat-{random.getrandbits(32):x}"
        return self._hatch(
            ["beat", f"--schedule={file}", "--pidfile=", "--loglevel=WARNING"], shift
        )

    def sweep(self) -> None:
        """One stroke of beat."""
        self.portal.send_task("notifications.tasks.sweep", queue="codes", retry=False, expires=5)

    def kill(self, pid: int) -> None:
        """End a process and its children as a power cut would."""
        self._ask({"act": "kill", "pid": pid})
        self.running.remove(pid)

    def kill_all(self) -> None:
        for pid in list(self.running):
            self.kill(pid)

    def children(self, pid: int) -> list[psutil.Process]:
        """The processes of a worker that do the sending."""
        try:
            return psutil.Process(pid).children()
        except psutil.NoSuchProcess:
            return []

    def said(self) -> str:
        """What the processes have logged since this was last asked."""
        logs = sorted(self.home.glob("*.log"))
        texts = [f"--- {path.name}\n{path.read_text()}" for path in logs]
        for path in logs:
            path.unlink()
        return "\n".join(texts)

    def _hatch(self, celery: list[str], shift: float) -> int:
        log = str(self.home / f"{celery[0]}.log")
        pid = self._ask({"act": "hatch", "celery": celery, "shift": shift, "log": log})
        self.running.append(pid)
        return pid

    def _ask(self, job: dict) -> int:
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def tell(contact, kind="booking_confirmed", *, event, now=None, **more):
    """Write a message as a process of the portal does; the row that goes outside."""
    values = CALLED if kind.startswith("ticket") else BOOKED
    if kind == "code":
        values = {"mal": "MPP Uji", "angka": "123456", "menit": "5"}
    outbox.send(contact.pk, kind, event=event, values=values, now=now or clock.now(), **more)
    return Message.objects.get(event=event, contact=contact, channel=Channel.TEXT)


def until(is_so, what, *, within=PATIENCE):
    """Wait for something to become so; the seconds it took."""
    begun = time.monotonic()
    while time.monotonic() - begun < within:
        if is_so():
            return time.monotonic() - begun
        time.sleep(0.05)
    raise AssertionError(f"not within {within:.0f} s: {what() if callable(what) else what}")


def many(contact, times, kind, **more):
    """So many messages at once that nobody is poked for; their rows."""
    with suppress_pokes():
        first = tell(contact, kind, event="many:0", **more)
    rows = [copy(first) for _each in range(times - 1)]
    for number, row in enumerate(rows, 1):
        row.pk, row.event = None, f"many:{number}"
        row._state.adding = True
    return [first, *Message.objects.bulk_create(rows)]


def suppress_pokes():
    return mock.patch.object(outbox, "poke", return_value=True)


def all_sent():
    return states(channel=Channel.TEXT) == {State.SENT}


def said():
    """What is not sent yet, and why."""
    rows = Message.objects.filter(channel=Channel.TEXT).exclude(state=State.SENT)
    return list(rows.values_list("pk", "state", "attempts", "reason", "due_at")[:10])


def sent_keys():
    """The keys of everything that should have arrived."""
    rows = Message.objects.filter(channel=Channel.TEXT, state__in=ARRIVED)
    return {f"mpp-{pk}" for pk in rows.values_list("pk", flat=True)}


def swept(fleet):
    """Sweep as beat would, and look whether everything is sent."""

    def look():
        fleet.sweep()
        time.sleep(0.3)
        return all_sent()

    return look
