"""Runs demos for real. What web process and run share is one stream of JSON lines, nothing else."""
