"""Figures for everybody's own work: files with columns that stay, and what goes on now.

Only what is over and no group of fewer than FEWEST people; columns may be added in a version, and
none is renamed or taken away.
"""

SCHEMA = "v1"  # part of every address
