"""The Celery application; its schedule stands in the settings."""

import os

from celery import Celery
from kombu.transport.virtual import QoS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp.settings")
# A Redis that goes away while a task is under way: kombu 5.7 wants to put the task back over a line
# that is closed already, and the worker ends. Nothing needs that: the rows say what is to be done.
QoS.restore_at_shutdown = False


def make(*, is_current: bool = True) -> Celery:
    """The application; of several workers in one process each needs one of its own."""
    made = Celery("mpp", set_as_current=is_current)
    made.config_from_object("django.conf:settings", namespace="CELERY")
    made.autodiscover_tasks()
    return made


app = make()
