"""Whole journeys in a real browser against a real server with streams, on the test database.

A story asks for `portal` (the server), `open_page` (a browser page at some size) and, for the
hour of the day, `hall_time`. A page fails its story by itself: on a request to another host, on
an error in the console, and so on any breach of the content security policy.
"""

import gc
import os
import re
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from core import clock, live
from mpp.asgi import application
from tests import servers
from tests.recipes import at

AXE = Path(__file__).parent.parent / "vendor/axe-core-4.14.1.min.js"
SIZES = {
    "phone": (360, 740),
    "tablet": (768, 1024),
    "desktop": (1280, 720),
    "board": (1920, 1080),
    "kiosk": (1080, 1920),
}
# Seconds until something is taken for lost; less than the minute after which a page with a stream
# asks again by itself, and enough for a machine that has other work.
PATIENCE = 30.0
expect.set_options(timeout=PATIENCE * 1000)
# Until a process has started, which loads the whole portal and may have to migrate: a limit, too.
STARTING = 180.0
HARMLESS = (
    # WhiteNoise answers with plain iterators; Django wraps them for the event loop and says so.
    "ignore:StreamingHttpResponse must consume synchronous iterators:Warning",
    # A browser that closes in the middle of a file leaves it to the garbage collector.
    "ignore:unclosed file:ResourceWarning",
)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.story)
            item.add_marker(pytest.mark.filterwarnings(*HARMLESS))


class Portal:
    """The portal in a thread of this process, so that it shares the test's database and clock."""

    def __init__(self) -> None:
        self.port = servers.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Also after stop(), on the same port: the line is back."""
        config = uvicorn.Config(
            application,
            host="127.0.0.1",
            port=self.port,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, name="portal", daemon=True)
        self.thread.start()
        wait_until(lambda: self.server.started, "the portal does not start")

    def stop(self) -> None:
        """Cut the line: every page and stream of the portal goes dead."""
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()

    def url(self, path: str = "/") -> str:
        return self.address + path

    def listeners(self) -> int:
        """How many streams are open now."""
        return sum(len(audience) for audience in live.hub.listeners.values())


@pytest.fixture
def portal(transactional_db):
    # Every request runs in a thread of its own: a connection kept open would outlive the test.
    kept = {alias: connections[alias].settings_dict for alias in connections}
    ages = {alias: each["CONN_MAX_AGE"] for alias, each in kept.items()}
    for each in kept.values():
        each["CONN_MAX_AGE"] = 0
    running = Portal()
    yield running
    running.stop()
    gc.collect()  # the files a browser left in the middle, while this story expects them
    for alias, each in kept.items():
        each["CONN_MAX_AGE"] = ages[alias]


@pytest.fixture
def hall_time(monkeypatch):
    """Set the hall's clock, from where it goes on: hall_time(at(9)); it stands on that at first."""

    def set_to(moment):
        monkeypatch.setattr(clock, "_shift", moment - timezone.now())

    set_to(at(9))
    return set_to


@pytest.fixture(scope="package")
def browser():
    get_resolver().url_patterns  # noqa: B018 - or the first page would wait for all views to load
    # Playwright keeps a loop running in this thread, which Django takes for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=servers.find_browser(),
            args=[
                *(["--no-sandbox"] if os.geteuid() == 0 else []),
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-dev-shm-usage",
                # Chromium itself must not call home either.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        )
        yield launched
        launched.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


class Watch:
    """What the pages of one story did wrong; patterns in `allowed` were expected."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.findings: list[str] = []
        # On a busy machine a page gives a fetch up after eight seconds and asks again: its job.
        self.allowed = ["signal is aborted|AbortError"]

    def cut_line(self) -> None:
        """The story cuts the line: every way in which a browser notices is expected."""
        self.allow("net::ERR_|status of 500|Failed to fetch|when fetching the script")

    def allow(self, pattern: str) -> None:
        """Expect console messages like this one, for instance while the line is cut."""
        self.allowed.append(pattern)

    def follow(self, context) -> None:
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note(f"script: {error.error}"))

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != self.host:
            self._note(f"request to another host: {request.url}")

    def _console(self, message) -> None:
        if message.type == "error":
            self._note(f"console: {message.text} ({message.location.get('url', '')})")

    def _note(self, finding: str) -> None:
        self.findings.append(finding)

    def verdict(self) -> list[str]:
        return [
            finding
            for finding in self.findings
            if not any(re.search(pattern, finding) for pattern in self.allowed)
        ]


@pytest.fixture
def watch(portal):
    """Everything wrong that the story's pages do ends up here and fails the story."""
    seen = Watch(urlsplit(portal.address).netloc)
    yield seen
    assert seen.verdict() == []


@pytest.fixture
def open_page(browser, portal, watch, hall_time):
    """Open pages of the portal: open_page("/papan/x/", "board"); each is a person of their own.

    Options go to the browser context; `language` is the reader's choice.
    """
    contexts = []

    def open_(path: str = "/", size: str = "desktop", language: str = "id", **options) -> Page:
        width, height = SIZES[size]
        options.setdefault("locale", "id-ID")
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": portal.url("/")}]
        )
        watch.follow(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.goto(portal.url(path))
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in():
    """Give the person in front of a page the session of a user, without the form."""

    def enter(page: Page, user) -> None:
        client = Client()  # one for each person: a second login ends the first in one client
        client.force_login(user)
        parts = urlsplit(page.url)
        page.context.add_cookies(
            [
                {"name": name, "value": morsel.value, "domain": parts.hostname, "path": "/"}
                for name, morsel in client.cookies.items()
            ]
        )

    return enter


def assert_accessible(page: Page) -> None:
    """No serious or critical finding of axe on the page as it stands."""
    # After a click the new page may still be on its way: half a link has no name yet.
    page.wait_for_load_state()
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)"
    )
    grave = [
        f"{each['impact']}: {each['id']}: {each['help']}: {node['html'][:160]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
    assert grave == []


def stand_still(page: Page, portal: Portal) -> None:
    """Load the page again and stop its timers: what it learns from now on, it is told."""
    page.clock.install()
    page.goto("about:blank")
    wait_until(lambda: not portal.listeners(), "a stream outlives its page")
    page.go_back()
    wait_until(portal.listeners, "the page opens no stream")
    page.clock.pause_at(page.evaluate("Date.now() + 1_000"))


def quickest(act, *, wanted: float, tries: int = 5) -> float:
    """The least seconds of a few tries, until it is as quick as wanted.

    How quick the portal is shows in the one try that finds the machine without other work.
    """
    least = act()
    while least >= wanted and (tries := tries - 1):
        least = min(least, act())
    return least


def wait_until(is_true, complaint: str, *, within: float = PATIENCE) -> float:
    """Wait for something outside the page; answers how many seconds it took."""
    begun = time.monotonic()
    while not is_true():
        assert time.monotonic() - begun < within, complaint
        time.sleep(0.02)
    return time.monotonic() - begun
