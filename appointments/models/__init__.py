"""What a service lets people book, who has booked it, and who would like to."""

from appointments.models.applications import (
    Application,
    ApplicationEvent,
    Draw,
    ReturningPlace,
)
from appointments.models.bookings import Booking, BookingEvent, Slot
from appointments.models.capacity import Absence, ArrivalRule, Plan, Tranche, Window

__all__ = [
    "Absence",
    "Application",
    "ApplicationEvent",
    "ArrivalRule",
    "Booking",
    "BookingEvent",
    "Draw",
    "Plan",
    "ReturningPlace",
    "Slot",
    "Tranche",
    "Window",
]
