"""Environments and their zygotes: they give a run its process. Knows neither pages nor storage."""
