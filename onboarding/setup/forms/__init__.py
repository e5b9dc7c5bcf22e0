"""What somebody types who sets a mall up: few fields a row, many rows a form."""
