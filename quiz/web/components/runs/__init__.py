"""What several pages show of runs and of what starts them."""
