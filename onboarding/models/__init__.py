"""How malls come to be: milestones, preparation, coaching, and the people invited to work there."""

from onboarding.models.changes import PlannedChange
from onboarding.models.path import CoachNote, Location, Milestone, Task
from onboarding.models.people import Invitation
from onboarding.models.trials import Trial

__all__ = [
    "CoachNote",
    "Invitation",
    "Location",
    "Milestone",
    "PlannedChange",
    "Task",
    "Trial",
]
