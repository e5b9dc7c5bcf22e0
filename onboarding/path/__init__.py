"""The way of a mall from commitment to coaching, for its people and for the ministry."""
