"""Scores, strength, export, import, erase and recovery."""
