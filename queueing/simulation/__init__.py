"""Life in the hall without people: whole simulated days, and a morning that goes on live."""

from queueing.simulation.live import is_running, pause, resume, start_live, stop

__all__ = ["is_running", "pause", "resume", "start_live", "stop"]
