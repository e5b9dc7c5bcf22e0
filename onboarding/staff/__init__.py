"""The people who work at a mall: invited, appointed, let go, and when they were there."""
