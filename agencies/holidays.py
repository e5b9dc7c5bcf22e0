"""Proposes the holidays and joint leave of a year; the table itself is edited in the admin.

The dates follow the joint decree of three ministers as far as the library knows it. Days are
added in the middle of a year, so nothing here ever deletes or renames what an admin has entered.
"""

from datetime import date

import holidays

from agencies.models import Holiday

ESTIMATED = " (perkiraan)"


def propose(year: int) -> int:
    """Add the holidays of a year that are not there yet; return how many were added."""
    known = {(row.day, row.is_joint_leave) for row in Holiday.objects.filter(day__year=year)}
    missing = [
        Holiday(day=day, name=name.replace(ESTIMATED, ""), is_joint_leave=is_joint_leave)
        for category, is_joint_leave in (("public", False), ("government", True))
        for day, names in _of(year, category)
        for name in names
        if (day, is_joint_leave) not in known
    ]
    return len(Holiday.objects.bulk_create(missing, ignore_conflicts=True))


def _of(year: int, category: str) -> list[tuple[date, list[str]]]:
    found = holidays.country_holidays("ID", years=year, categories=(category,), language="id")
    return [(day, found.get_list(day)) for day in sorted(found)]
