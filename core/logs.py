"""What is written to the log: no address in it may open somebody's page."""

import logging
import re

# The paths of a ticket, a reservation, an application and a live stream end in a secret of theirs.
SECRET = re.compile(r"(/(?:antrean|tiket|reservasi|permohonan)/|/live/\?t=)[^\s/&?\"']+")


class Discreet(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(r"\1…", super().format(record))
