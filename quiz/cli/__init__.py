"""The commands. Each module has `main(settings, chosen)`, which returns the exit status.

A new command is a module here and its arguments in quiz/__main__.py.
"""
