"""Boards over the processes of production, while Redis, the streams and the pages are killed.

web and live run as docker-compose.yml starts them, behind one address, on the test database and
by the real clock; officers call in threads of the test through the same rules. Whatever dies, the
boards must show what the tables say, never go back, and announce nothing twice.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import time as clock_time
from http.client import HTTPConnection
from itertools import count
from zoneinfo import ZoneInfo

import pytest
import redis
from django.db import connection
from django.test import Client
from django.utils import timezone
from model_bakery import baker

from agencies.models import Counter, CounterDay, OpeningHours
from core import memo
from core.proof import Scope
from queueing import desks, invariants
from queueing.models import Ticket
from services.models import CounterQueue
from tests import servers
from tests.proxy import Front
from tests.races.crowd import database_url
from tests.recipes import Hall, make_hall, make_officer
from tests.stories.conftest import STARTING, wait_until
from tests.stories.screens import RECORDER, in_database, notes_of, shown
from tests.stories.test_production import ROOT, bare, command_of, production

TOKEN = "a" * 32
CALLS = int(os.environ.get("MPP_BOARD_CALLS", "400"))
# A loudspeaker that is done at once.
MUTE = """HTMLMediaElement.prototype.play = function () {
    return Promise.resolve().then(() => { this.onended?.(); });
};"""
ELSEWHERE = "/masuk/"  # at the portal
SLUG = "mpp-langsung"
SLUGS = (f"{SLUG}-{number}" for number in count())  # the web processes remember the others


class Production:
    """The processes that boards depend on, each of which a story may kill and start again."""

    def __init__(self, home) -> None:
        self.redis = servers.Redis()
        self.ports = {"web": servers.free_port(), "live": servers.free_port()}
        self.front = Front(self.ports["web"], self.ports["live"])
        self.address = self.front.address
        self.log = home / "log"
        self.environment = bare() | production(
            ALLOWED_HOSTS="127.0.0.1",
            DATABASE_URL=database_url(),
            REDIS_URL=self.redis.url,
            SECURE_SSL_REDIRECT="0",
            STATIC_ROOT=str(home / "static"),
        )
        self.processes: dict[str, subprocess.Popen] = {}

    def begin(self) -> None:
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, cwd=ROOT, env=self.environment, check=True)
        for name in self.ports:
            self.processes[name] = self.launch(name)
        for name in self.ports:
            self.wait_for(name)

    def end(self) -> None:
        self.front.cut()
        for name in self.processes:
            self.kill(name)
        self.redis.kill()

    def launch(self, name) -> subprocess.Popen:
        with self.log.open("ab") as output:
            return subprocess.Popen(
                command_of(name, self.ports[name]),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, name) -> None:
        wait_until(lambda: self.status(name) < 500, f"no {name}: see {self.log}", within=STARTING)

    def status(self, name) -> int:
        """502 as long as nobody listens there."""
        with contextlib.closing(
            HTTPConnection("127.0.0.1", self.front.port, timeout=STARTING)
        ) as ask:
            ask.request("GET", {"web": "/sehat/", "live": "/live/"}[name])
            return ask.getresponse().status

    def start(self, name) -> None:
        self.processes[name] = self.launch(name)
        self.wait_for(name)

    def kill(self, name) -> None:
        """The master and its workers at once, as when the machine runs out of memory."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def url(self, path="/") -> str:
        return self.address + path


@pytest.fixture(scope="module")
def running(django_db_setup, tmp_path_factory):
    started = Production(tmp_path_factory.mktemp("production"))
    # What did not begin well must end, too: it would hold on to the database of the next test.
    try:
        started.begin()
        yield started
    finally:
        started.end()


@pytest.fixture
def portal(transactional_db, running, settings):
    settings.REDIS_URL = running.redis.url
    settings.SECRET_KEY = running.environment["SECRET_KEY"]
    yield running
    with contextlib.suppress(servers.Unavailable, redis.RedisError):
        running.redis.ping()


@pytest.fixture
def hall(portal):
    """Open day and night, with 60 people waiting; in a zone in which midnight is not near."""
    late = timezone.now().astimezone(ZoneInfo("Asia/Jakarta")).hour >= 22
    hall = make_hall(counters=0, slug=next(SLUGS), zone="Asia/Jayapura" if late else "Asia/Jakarta")
    OpeningHours.objects.all().delete()
    for weekday in range(7):
        hours = {"weekday": weekday, "opens": clock_time(0), "closes": clock_time(23, 59)}
        baker.make(OpeningHours, mall=hall.mall, **hours)
    for number in range(1, 4):
        sit_down(hall, str(number))
    for _each in range(60):
        hall.issue(now=timezone.now())
    yield hall
    assert [verdict for verdict in invariants.verify(Scope()) if verdict.breaches] == []


def sit_down(hall: Hall, number: str) -> None:
    counter = baker.make(Counter, mall=hall.mall, number=number, place="Lantai 1")
    for weekday in range(7):
        baker.make(CounterDay, counter=counter, presence=hall.presence, weekday=weekday)
    baker.make(CounterQueue, counter=counter, queue=hall.queue, rank=None)
    hall.counters.append(counter)
    hall.officers.append(make_officer(hall.presence))
    memo.clear_all()
    desks.open_(counter, by=hall.officers[-1], now=timezone.now())


@pytest.fixture
def boards(hall, open_page, watch):
    """Two boards of the hall in front of two people."""
    watch.cut_line()
    watch.allow("status of 502")
    pages = [open_page(ELSEWHERE, "board") for _each in range(2)]
    for page in pages:
        page.context.add_init_script(RECORDER)
        page.goto(page.url.replace(ELSEWHERE, f"/papan/{hall.mall.slug}/"))
    return pages


@contextlib.contextmanager
def officers(hall):
    """Everybody at a counter calls and serves, again and again, until the trouble is over."""
    over, problems = threading.Event(), []

    def work(seat):
        try:
            while not over.is_set():
                called = call(hall, seat)
                over.wait(0.3)
                hall.done(called, now=timezone.now(), seat=seat)
                over.wait(0.2)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(seat,)) for seat in range(3)]
    for thread in threads:
        thread.start()
    yield
    over.set()
    for thread in threads:
        thread.join(30)
    assert problems == []


def call(hall, seat):
    return hall.call(now=timezone.now(), seat=seat)


def assert_right(hall, boards):
    """Both boards come to show what the tables say, and have shown nothing wrong on the way."""

    def differing():
        truth = in_database(hall)
        return [(seen, truth) for seen in map(shown, boards) if seen != truth]

    with contextlib.suppress(AssertionError):
        wait_until(lambda: not differing(), "")
    assert differing() == []
    for notes in map(notes_of, boards):
        assert notes.versions == sorted(notes.versions)
        assert notes.repeated == []


def test_redis_dies_in_mid_call_comes_back_and_is_flushed(hall, portal, boards):
    with officers(hall):
        time.sleep(1)
        portal.redis.kill()
        time.sleep(1)
    last = call(hall, 0)
    assert_right(hall, boards)

    portal.redis.start()
    hall.done(last, now=timezone.now())
    with officers(hall), redis.Redis.from_url(portal.redis.url) as client:
        for _each in range(5):
            time.sleep(0.2)
            client.flushall()
    call(hall, 1)
    assert_right(hall, boards)


@pytest.mark.parametrize("name", ["live", "web"])
def test_a_killed_process_comes_back_and_the_boards_catch_up(hall, portal, boards, name):
    with officers(hall):
        time.sleep(0.5)
        portal.kill(name)
        time.sleep(0.5)
    call(hall, 2)
    portal.start(name)

    assert_right(hall, boards)


def test_an_officer_goes_on_calling_while_redis_is_gone(hall, portal):
    client = Client()
    client.force_login(hall.officer)
    portal.redis.kill()
    try:
        pressed = press(portal, hall.counter, client.session.session_key)
    finally:
        portal.redis.start()

    assert pressed < 400
    assert Ticket.objects.at_counter().filter(counter=hall.counter).exists()


def press(portal, counter, session):
    cookies = f"__Host-csrf={TOKEN}; __Host-session={session}"
    headers = {
        "Cookie": cookies,
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = f"key=00000000-0000-4000-8000-{counter.pk:012x}"
    with contextlib.closing(
        HTTPConnection("127.0.0.1", portal.ports["web"], timeout=STARTING)
    ) as line:
        line.request("POST", f"/loket/{counter.pk}/panggil/", body, headers)
        return line.getresponse().status


def test_a_board_weighs_the_same_after_all_the_calls_of_a_day(hall, open_page):
    """MPP_BOARD_CALLS=4000 for a whole day; fewer tell the same and take seconds."""
    for seat in range(3):
        call(hall, seat)
    board = open_page(ELSEWHERE, "board")
    board.context.add_init_script(MUTE)
    board.goto(board.url.replace(ELSEWHERE, f"/papan/{hall.mall.slug}/"))
    show_calls(board, range(30))
    board.wait_for_timeout(2000)  # until what is being fetched and said is over
    before = weight(board)

    show_calls(board, range(30, 30 + CALLS))
    for name in ("JSEventListeners", "Nodes"):
        wait_until(
            lambda name=name: weight(board)[name] <= before[name], f"more {name} than before"
        )
    heap = weight(board)["JSHeapUsedSize"] - before["JSHeapUsedSize"]
    assert heap / CALLS * 400 < 2e6


def show_calls(board, numbers):
    """The board fetches a picture for each; they are drawn from one that the portal has drawn."""
    drawn = board.evaluate(
        "async () => (await fetch(location.href, {headers: {'HX-Request': 'true'}})).text()"
    )
    assert drawn.count("data-call=") == 3
    coming = iter(numbers)

    def answer(route):
        number = next(coming)
        picture = re.sub(r'data-version="\d+"', f'data-version="{10**6 + number}"', drawn)
        picture = re.sub(r"A-00(\d)", lambda old: f"A-{(number + int(old[1])) % 1000:03d}", picture)
        # Every tenth is spoken; the others are found to be too old.
        spoken = time.time() * 1000 if number % 10 == 0 else 0
        picture = re.sub(r'data-at="\d+"', f'data-at="{spoken:.0f}"', picture)
        picture = re.sub(r'(data-call="|id="ucap-)\d+', rf"\g<1>{number}", picture)
        route.fulfill(body=picture, content_type="text/html; charset=utf-8")

    board.route(f"**/papan/{SLUG}*/?*v=*", answer)
    board.evaluate(
        """async (times) => {
            for (let each = 0; each < times; each += 1) {
                const swapped = new Promise((done) => {
                    document.addEventListener("htmx:after:swap", done, { once: true });
                });
                document.getElementById("board").dispatchEvent(new Event("stale"));
                await swapped;
            }
        }""",
        len(numbers),
    )
    board.unroute(f"**/papan/{SLUG}*/?*v=*")


def weight(page):
    """What the page holds after its garbage was taken away."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    for _each in range(2):
        tools.send("HeapProfiler.collectGarbage")
    found = tools.send("Performance.getMetrics")["metrics"]
    tools.detach()
    return {each["name"]: each["value"] for each in found}
