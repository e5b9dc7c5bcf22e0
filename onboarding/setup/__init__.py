"""How a mall is set up so that it can open, step by step."""
