"""What runs inside an environment: zygote, owner, server, scenario, probe.

Standard library only, and nothing of the rest of `quiz`: an environment holds the taught libraries,
not ours.
"""
