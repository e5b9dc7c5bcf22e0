"""How long somebody will wait: the office as it stands, played forward many times. Pure.

law.py      how long services take here, learned from the log, leaning on the published minutes
office.py   the office at one moment, and the play
ranges.py   from the plays to the range that is shown, never narrower than its scores allow
"""
