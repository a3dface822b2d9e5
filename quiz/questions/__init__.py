"""What all questions have in common, and what kinds share. Knows no files."""
