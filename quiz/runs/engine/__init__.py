"""Environments and their zygotes: how a run gets a process. Knows no pages and no storage."""
