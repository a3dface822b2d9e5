"""What runs inside an environment: zygote, supervisor, server, scenario, probe.

It uses the standard library and nothing of the rest of `quiz`: an environment has the packages of
the taught libraries, not those of the app.
"""
