"""The work of each command: a module with `main(settings, chosen)`, which returns the exit status.

A new command is a module here and its arguments in quiz/__main__.py.
"""
