"""The supervisor of a run: the process that starts, watches and ends the run's processes."""
