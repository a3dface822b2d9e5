"""Executes demos in real processes and records them.

A run and the web process share one stream of JSON lines.
"""
