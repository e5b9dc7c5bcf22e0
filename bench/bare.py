"""The limit over HTTP: one cursor statement in a bare Django view, without sign-in or events.

It works on tables of its own beside the portal's, in the same database and the same run; only the
windows are the portal's own, because they are only read.
"""

import json
import os
import random
from datetime import date

import django
from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY="only-for-measuring",  # noqa: S106 - guards nothing
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": "127.0.0.1",
            "PORT": os.environ["BENCH_PORT"],
            "NAME": os.environ["BENCH_NAME"],
            "USER": os.environ["BENCH_USER"],
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

QUEUES = 50
TODAY = date(2026, 3, 9)
ISSUE = """
    WITH n AS (UPDATE bare_day SET last_no = last_no + 1
        WHERE queue_id = %s AND day = %s RETURNING last_no)
    INSERT INTO bare_ticket (queue_id, day, no) SELECT %s, %s, last_no FROM n RETURNING no"""
CALL = """
    WITH c AS (UPDATE bare_ticket SET status = 1, called_at = now(), counter_id = 1
        WHERE id = (SELECT id FROM bare_ticket WHERE queue_id = %s AND day = %s AND status = 0
            ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, no),
    e AS (INSERT INTO bare_event (ticket_id, kind) SELECT id, 1 FROM c)
    SELECT no FROM c"""
BOARD = """
    SELECT id, no, counter_id FROM bare_ticket WHERE queue_id = %s AND day = %s AND status = 0
    ORDER BY priority DESC, id LIMIT 9"""

# What the page of days and windows asks, as it was recorded from the portal.
PAGE: list[str] = json.loads(os.environ.get("BENCH_PAGE", "[]"))


def _answer(statement: str, copies: int) -> HttpResponse:
    queue = random.randint(1, QUEUES)
    with connection.cursor() as cursor:
        cursor.execute(statement, [queue, TODAY] * copies)
        return HttpResponse(str(cursor.fetchall()))


def issue(request: HttpRequest) -> HttpResponse:
    return _answer(ISSUE, 2)


def call(request: HttpRequest) -> HttpResponse:
    return _answer(CALL, 1)


def board(request: HttpRequest) -> HttpResponse:
    return _answer(BOARD, 1)


def windows(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        for statement in PAGE:
            cursor.execute(statement)
        return HttpResponse(str(cursor.fetchall()))


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("issue", issue),
    path("call", call),
    path("board", board),
    path("windows", windows),
    path("empty", empty),
]
application = get_wsgi_application()
