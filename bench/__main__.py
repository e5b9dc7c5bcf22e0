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

PARTS = ("bookings", "messages", "nation")
parser = argparse.ArgumentParser(prog="mppctl bench")
parser.add_argument("--history", type=int, default=10_000_000, help="old tickets for T7")
parser.add_argument("--waits", action="store_true", help="score the forecasts only; see offices.py")
parser.add_argument("--bookings", action="store_true", help="the rows of the reservations only")
parser.add_argument("--messages", action="store_true", help="the rows of the messages only")
parser.add_argument("--nation", action="store_true", help="the figures of a nation only")
parser.add_argument("--malls", type=int, default=30, help="lived through for --nation")
parser.add_argument("--months", type=int, default=2, help="lived through for --nation: 1 to 12")
parser.add_argument("--each", type=int, default=400, help="people at a mall on a day")
parser.add_argument("--whole", action="store_true", help="30 million tickets: 300 malls, a year")
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
    from bench.nation import WHOLE, Nation, Size

    part = next((name for name in PARTS if getattr(arguments, name)), "")
    if part == "nation":
        lived = Size(arguments.malls, arguments.months, arguments.each)
        rows = Nation(rig, WHOLE if arguments.whole else lived).run()
    else:
        bench = Bench(rig, arguments.history)
        rows = bench.run_part(part) if part else bench.run()
except (load.Missing, servers.Unavailable) as missing:
    sys.exit(str(missing))
sys.stdout.write(table(rows))
target = Path(f"build/bench-{part}.json" if part else "build/bench.json")
target.parent.mkdir(exist_ok=True)
target.write_text(json.dumps([asdict(row) for row in rows], indent=1))
