"""What each reader sees of the figures: chosen, compared, said in words; views only show it."""
