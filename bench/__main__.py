"""`./mppctl bench`: every figure as a share of a limit measured in the same run.

Rows T1 to T11 of the targets that this stage of the portal has; see docs/performance.md.
Prints a table and writes build/bench.json. Needs wrk and pgbench; loopback only.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import django

from bench import load, offices
from bench.rig import Rig
from bench.rows import table
from tests import servers

parser = argparse.ArgumentParser(prog="mppctl bench")
parser.add_argument("--history", type=int, default=10_000_000, help="old tickets for T7")
parser.add_argument("--waits", action="store_true", help="score the forecasts only; see offices.py")
parser.add_argument("--bookings", action="store_true", help="the rows of the reservations only")
arguments, others = parser.parse_known_args()
if arguments.waits:
    offices.main(others)
    sys.exit()
try:
    rig = Rig()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp.settings")
    django.setup()
    # Only now: the models need the settings, which need the servers of the rig.
    from bench.measure import Bench

    bench = Bench(rig, arguments.history)
    rows = bench.run_bookings() if arguments.bookings else bench.run()
except (load.Missing, servers.Unavailable) as missing:
    sys.exit(str(missing))
sys.stdout.write(table(rows))
target = Path("build/bench-bookings.json" if arguments.bookings else "build/bench.json")
target.parent.mkdir(exist_ok=True)
target.write_text(json.dumps([asdict(row) for row in rows], indent=1))
