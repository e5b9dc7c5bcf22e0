"""Until when a complaint is answered: working days of the mall's own calendar; pure."""

from datetime import date, timedelta

from agencies import opening
from agencies.opening import Calendar

SEARCHED = 400  # days; a mall that is closed for longer owes its answers all the same
WEEKEND = 5  # from this weekday on


def due_on(calendar: Calendar, received: date, working_days: int) -> date:
    """The last of so many working days after the day on which it was received."""
    on, left = received, working_days
    for _day in range(SEARCHED):
        on += timedelta(days=1)
        left -= is_working(calendar, on)
        if not left:
            break
    return on


def is_working(calendar: Calendar, on: date) -> bool:
    """Whether the mall is open on a day; one that has no hours yet keeps office days."""
    if calendar.weekly:
        return opening.day(calendar, on).hours is not None
    return on.weekday() < WEEKEND and on not in (calendar.holidays or {})
