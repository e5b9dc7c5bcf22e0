"""What a supervisor sees of a mall: values (now), how they are read, and what is wrong."""

from queueing.floor.reading import picture, stamp

__all__ = ["picture", "stamp"]
