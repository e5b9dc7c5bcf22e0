"""What agencies agree to with a mall, what follows at the counters, and whether it is kept."""
