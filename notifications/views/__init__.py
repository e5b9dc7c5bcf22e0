"""Pages of the messages, by audience."""
