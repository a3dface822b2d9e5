"""Claims: CEL expressions over the facts of a run.

They are checked when a pack is read and evaluated after a run.
"""
