"""Regions, malls, the agencies present at them, what they agreed on, counters and hours."""

from agencies.models.agencies import Agency, Category, ContactPerson, Presence
from agencies.models.agreements import Agreement, AgreementFile, Ceremony, Party, Term
from agencies.models.counters import Counter, CounterDay, FloorPlan, held_on
from agencies.models.hours import BEGINNING, DatedHours, Holiday, OpeningHours, Weekday
from agencies.models.people import Assignment
from agencies.models.places import Mall, Region, Zone
from agencies.models.rests import Resting, in_use, in_use_sql

__all__ = [
    "BEGINNING",
    "Agency",
    "Agreement",
    "AgreementFile",
    "Assignment",
    "Category",
    "Ceremony",
    "ContactPerson",
    "Counter",
    "CounterDay",
    "DatedHours",
    "FloorPlan",
    "Holiday",
    "Mall",
    "OpeningHours",
    "Party",
    "Presence",
    "Region",
    "Resting",
    "Term",
    "Weekday",
    "Zone",
    "held_on",
    "in_use",
    "in_use_sql",
]
