"""The classroom: the projector page with its poll, and the results of first answers."""
