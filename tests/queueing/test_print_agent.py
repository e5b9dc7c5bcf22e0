"""The printer's agent by itself: whom it trusts, and when a number is off its mind."""

import importlib.util
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

AGENT = Path("deploy/print_agent.py")


class Portal(BaseHTTPRequestHandler):
    answers: list[int] = []
    asked: list[str] = []

    def do_POST(self):
        self.asked.append(self.path)
        self.send_response(self.answers.pop(0))
        self.send_header("Location", "/elsewhere/")
        self.end_headers()

    def log_message(self, *_said):
        pass


@pytest.fixture
def portal(monkeypatch):
    monkeypatch.setattr(Portal, "asked", [])
    server = HTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def started(monkeypatch, tmp_path, url="https://mpp.example"):
    monkeypatch.setenv("MPP_URL", url)
    monkeypatch.setenv("MPP_TOKEN", "rahasia")
    monkeypatch.setenv("MPP_MEMORY", str(tmp_path / "memory"))
    spec = importlib.util.spec_from_file_location("print_agent", AGENT)
    agent = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(agent)
    monkeypatch.setattr(agent, "AGAIN", 0)
    return agent


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://mpp.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://mpp.example", False),
        ("http://localhost@mpp.example", False),
        ("http://localhost.mpp.example", False),
        ("ftp://localhost", False),
        ("mpp.example", False),
    ],
)
def test_the_token_never_travels_in_the_clear(monkeypatch, tmp_path, url, is_safe):
    agent = started(monkeypatch, tmp_path, url)

    assert agent.is_safe(agent.URL) is is_safe
    if not is_safe:
        with pytest.raises(SystemExit, match="https"):
            agent.main()


def test_nobody_is_followed_elsewhere(monkeypatch, tmp_path, portal):
    agent = started(monkeypatch, tmp_path, portal)
    monkeypatch.setattr(Portal, "answers", [302])

    assert agent.ask("/perangkat/cetak/", post=True)[0] == 302
    assert Portal.asked == ["/perangkat/cetak/"]


@pytest.mark.parametrize("last", [204, 404, 409, 410])
def test_a_number_is_confirmed_until_it_is_heard_or_not_wanted(monkeypatch, tmp_path, portal, last):
    agent = started(monkeypatch, tmp_path, portal)
    monkeypatch.setattr(Portal, "answers", [500, 302, 400, 403, 429, last])
    agent.remember("abc")
    assert agent.MEMORY.read_text() == "abc"

    agent.confirm("abc")

    assert Portal.asked == ["/perangkat/cetak/abc/"] * 6
    assert not agent.MEMORY.exists()
