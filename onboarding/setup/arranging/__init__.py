"""Setting a mall up: its place, hours, counters, plans, agencies, queues and days.

Beside the admin, the seed, agreements/register.py and copying.py only these modules write those
tables.
"""
