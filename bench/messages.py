"""The rows of the messages: how many a second go out, and how long a code waits among reminders."""

import json
import os
import statistics
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import yaml
from celery import current_app
from django.db import connection, transaction

from agencies.models import Mall
from bench import load
from bench.rig import Rig, settle
from bench.rows import Row
from core import clock
from notifications import contacts, outbox, tasks
from notifications.contacts import Reach
from notifications.models import Consent, Contact, Message, Messaging, Provider
from notifications.states import QUEUES, Channel, Lane
from tests import servers

ROUNDS = 3
EACH = 1_200  # messages of a round
SENDERS = 4  # processes of worker-bulk, and the connections of the bare client
WAITING = 100_000
CODES, PAUSE = 60, 0.25
WORKERS = ("worker-codes", "worker", "worker-bulk")
GATEWAY = {
    "token_header": "Authorization",
    "to_field": "target",
    "text_field": "message",
    "key_field": "ref",
    "accepted_path": "status",
    "accepted_values": "true",
    "id_path": "id.0",
}
SAID = {
    **dict.fromkeys(("mal", "layanan", "instansi", "kode", "nama"), "MPP Bekasi"),
    "jadwal": "Senin, 9 Maret 2026 pukul 09.00–10.00 WIB",
    "jam": "09.00",
    "tautan": "https://mpp.example.go.id/r/0123456789abcdef/",
    "angka": "123456",
    "menit": "5",
}
# As much as the portal sends; the gateway ends every connection, so each has one of its own.
BARE = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.body = "target=6281234567890&ref=bare&message=" .. string.rep("x", 250)
"""
COPIES = """
    INSERT INTO notifications_message (event, {columns})
    SELECT %s || g, {columns} FROM notifications_message, generate_series(1, %s) g WHERE id = %s"""


class Missing(RuntimeError):
    """Something did not arrive: no figure is worth printing then."""


class Messages:
    """Workers as docker-compose.yml starts them, and a gateway that only takes."""

    def __init__(self, rig: Rig, mall: Mall) -> None:
        self.rig, self.mall = rig, mall
        self.url = f"http://127.0.0.1:{rig.gateway_port}/"

    def rows(self) -> list[Row]:
        self.contact = self._arrange()
        with self._processes():
            rows = [self.through(), self.code_among_reminders()]
        Message.objects.filter(contact=self.contact, state__lt=3).delete()
        return rows

    def through(self) -> Row:
        """From rows that are due to the gateway, by four processes that are all at work."""
        ours, limit = [], []
        for _round in range(ROUNDS):
            limit.append(load.wrk(self.url, clients=SENDERS, script=BARE))
            settle()
            self._taken()
            ours.append(self._rate())
            settle()
        mine, bare = statistics.median(ours), load.median_of(limit)
        return Row(
            "—",
            f"messages a second, row to gateway, {SENDERS} worker processes"
            f" / a bare client at the same gateway, {SENDERS} connections",
            f"{mine:.0f}/s",
            f"{bare.rate:.0f}/s",
            round(mine / bare.rate, 3),
            "",
            None,
        )

    def code_among_reminders(self) -> Row:
        """The same codes twice: alone, and while everything else is busy with reminders."""
        alone, _others, _seconds = self._codes()
        self._fill(WAITING)
        self.rig.analyse()
        self._set_to_work()
        settle(3)
        among, others, seconds = self._codes()
        left = Message.objects.waiting().filter(lane=Lane.REMINDERS).count()
        ratio = _p95(among) / _p95(alone)
        return Row(
            "—",
            f"a code from its commit to the gateway while {WAITING:,} reminders wait and"
            " are worked off / without them",
            f"p50 {statistics.median(among):.0f} ms, p95 {_p95(among):.0f} ms;"
            f" {others / seconds:.0f} reminders/s meanwhile, {left:,} left",
            f"p50 {statistics.median(alone):.0f} ms, p95 {_p95(alone):.0f} ms",
            round(ratio, 1),
            "p95 ≤ 1,000 ms",
            _p95(among) <= 1_000,
        )

    # --- Loads -------------------------------------------------------------------------------

    def _rate(self) -> float:
        """Messages a second once every process is at work: without the first fifth of them."""
        self._fill(EACH)
        self._set_to_work()
        taken: list[float] = []
        until = time.monotonic() + 120
        while len(taken) < EACH:
            if time.monotonic() > until:
                raise Missing(f"{len(taken)} of {EACH} messages arrived")
            settle(0.2)
            taken += [when for _key, when in self._taken()]
        steady = sorted(taken)[EACH // 5 :]
        return (len(steady) - 1) / (steady[-1] - steady[0])

    def _codes(self) -> tuple[list[float], int, float]:
        """Milliseconds of each code, and how many other messages went out in how many seconds."""
        self._taken()
        begun, asked = time.time(), {}
        arrived: dict[str, float] = {}
        for _each in range(CODES):
            key, moment = self._ask_for_code()
            asked[key] = moment
            settle(PAUSE)
        until = time.monotonic() + 60
        while not asked.keys() <= arrived.keys():
            if time.monotonic() > until:
                raise Missing(f"{len(asked.keys() - arrived.keys())} codes did not arrive")
            arrived |= dict(reversed(self._taken()))
            settle(0.1)
        lags = [(arrived[key] - moment) * 1e3 for key, moment in asked.items()]
        return lags, len(arrived) - len(asked), time.time() - begun

    def _ask_for_code(self) -> tuple[str, float]:
        """The key of a new code, and the moment just before its commit."""
        event = f"code:{uuid4().hex}"
        with transaction.atomic():
            outbox.send(self.contact.pk, "code", event=event, values=SAID, now=clock.now())
            pk = Message.objects.values_list("pk", flat=True).get(event=event, channel=Channel.TEXT)
            moment = time.time()
        return f"mpp-{pk}", moment

    def _fill(self, times: int) -> None:
        """So many reminders that are due now."""
        now, event = clock.now(), uuid4().hex
        last = now + timedelta(days=1)
        outbox.send(
            self.contact.pk,
            "reminder_hours",
            event=event,
            values=SAID,
            now=now,
            due_at=now + timedelta(minutes=1),
            not_after=last,
        )
        row = Message.objects.filter(event=event, channel=Channel.TEXT)
        row.update(due_at=now)
        fields = [field.column or "" for field in Message._meta.concrete_fields]
        columns = ", ".join(name for name in fields if name not in {"id", "event"})
        with connection.cursor() as cursor:
            cursor.execute(COPIES.format(columns=columns), [event, times - 1, row.get().pk])

    def _set_to_work(self) -> None:
        """Every process at once, where one sweep after the other would call them."""
        for _each in range(SENDERS):
            current_app.send_task(
                tasks.drain.name, [int(Lane.REMINDERS)], queue=QUEUES[Lane.REMINDERS]
            )

    def _taken(self) -> list[tuple[str, float]]:
        with urllib.request.urlopen(self.url, timeout=30) as answer:  # noqa: S310 - loopback
            return [(key, when) for key, when in json.load(answer)]

    # --- Everything that runs ----------------------------------------------------------------

    def _arrange(self) -> Contact:
        Messaging.objects.create(mall=self.mall, order=[int(Channel.TEXT)])
        settings = {**GATEWAY, "url": self.url}
        Provider.objects.create(mall=self.mall, channel=Channel.TEXT, is_on=True, settings=settings)
        reach = Reach("+6281234567890", "", frozenset({Channel.TEXT}))
        return contacts.add(self.mall.pk, reach, how=Consent.How.FORM, now=clock.now())

    @contextmanager
    def _processes(self) -> Iterator[None]:
        """The gateway, and workers and beat as in production; gone when the rows are measured."""
        services = yaml.safe_load(Path("docker-compose.yml").read_text())["services"]
        command = [sys.executable, "-m", "bench.gateway", str(self.rig.gateway_port)]
        log = self.rig.logs
        running = [servers.start(command, answers=self._taken, log=log / "gateway.log")]
        os.environ["BEAT_FILE"] = str(log / "beat")
        for name in WORKERS:
            command = [sys.executable, "-m", *services[name]["command"]]
            command.append(f"--hostname={name}@bench")
            ready = partial(_ping, f"{name}@bench")
            running.append(servers.start(command, answers=ready, log=log / f"{name}.log"))
        command = [sys.executable, "-m", *services["beat"]["command"]]
        running.append(servers.start(command, answers=lambda: None, log=log / "beat.log"))
        try:
            yield
        finally:
            for process in reversed(running):
                servers.stop(process)


def _ping(worker: str) -> None:
    """Raises OSError while the worker does not answer."""
    if not current_app.control.ping(destination=[worker], timeout=1):
        raise ConnectionError(worker)


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
