"""What is written to the log: no address in it may open somebody's page."""

import logging
import re

# The paths of a ticket, a reservation, an application, a complaint, an invitation, a live stream,
# a provider's reports and of hearing no more end in a secret of theirs.
PATHS = "antrean|tiket|reservasi|permohonan|pengaduan|undangan|kabar/terima|kabar/berhenti"
SECRET = re.compile(rf"(/(?:{PATHS})/|/live/\?t=)[^\s/&?\"']+")


class Discreet(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(r"\1…", super().format(record))
