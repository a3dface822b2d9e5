"""What every question has, whatever its kind, and what kinds share. Knows no files."""
