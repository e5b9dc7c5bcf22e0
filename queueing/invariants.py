"""What must always hold of stored queues, as one table; appointments/invariants.py has another.

A breach names the mall, the date and the number, never a person.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core import sql
from core.proof import Breach, Invariant, Scope, Verdict
from queueing import answers, checks, told_checks
from queueing.models import QueueDay, Ticket

SHOWN = 20  # breaches described; all of them are counted


INVARIANTS = (
    Invariant("I1", _("Nomor tiap hari antrean lengkap dari 1, tanpa ganda"), checks.numbers),
    Invariant("I1a", _("Kuota terpakai oleh nomor yang bukan pindahan"), checks.admissions),
    Invariant("I2", _("Setiap tiket berada di keadaan peristiwa terakhirnya"), checks.lives),
    Invariant("I2a", _("Setiap tiket yang dialihkan berlanjut satu kali"), checks.transfers),
    Invariant("I2b", _("Lama menunggu dan dilayani sesuai saatnya"), checks.seconds),
    Invariant("I4", _("Satu loket melayani satu nomor pada satu saat"), checks.stays),
    Invariant("I6", _("Setiap kunci punya tepat satu akibat"), answers.effects),
    Invariant("I8", _("Setiap panggilan dikabarkan kepada yang memintanya"), told_checks.told),
    Invariant("I12", _("Versi papan naik satu demi satu peristiwa"), checks.versions),
    Invariant("I14", _("Setiap panggilan adil menurut catatannya"), checks.fairness),
    Invariant("I16", _("Tanggal antrean adalah tanggal setempat"), checks.dates),
)


def verify(scope: Scope, table: Iterable[Invariant] = INVARIANTS) -> Iterator[Verdict]:
    """Check a table in one snapshot; screens and counters go on working meanwhile."""
    with snapshot():
        for invariant in table:
            checked, breaches = invariant.check(scope)
            examples = [_described(breach) for breach in breaches[:SHOWN]]
            sentence = str(invariant.sentence)
            yield Verdict(invariant.id, sentence, checked, len(breaches), examples)


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads inside see the same moment, and none waits for a lock or makes anybody wait."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            sql.rows("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            sql.rows("SET LOCAL statement_timeout = 0")
            sql.rows("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield
    else:
        # Django's own transaction would be immediate and keep every writer out.
        sql.rows("BEGIN DEFERRED")
        try:
            yield
        finally:
            sql.rows("ROLLBACK")


def _described(breach: Breach) -> str:
    model, pk, what = breach
    found = model._default_manager.filter(pk=pk).first()
    if isinstance(found, Ticket):
        return f"{found.day.mall.slug} {found.day.date} {found}: {what}"
    if isinstance(found, QueueDay):
        return f"{found.mall.slug} {found.date} {found.queue.letter}: {what}"
    return f"{found}: {what}"
