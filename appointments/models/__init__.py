"""What a service lets people book, and who has booked it."""

from appointments.models.bookings import Booking, BookingEvent, Slot
from appointments.models.capacity import Absence, ArrivalRule, Plan, Tranche, Window

__all__ = ["Absence", "ArrivalRule", "Booking", "BookingEvent", "Plan", "Slot", "Tranche", "Window"]
