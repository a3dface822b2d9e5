"""Files that other people wrote, read within bounds, with the line of each fault."""
