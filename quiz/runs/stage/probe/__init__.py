"""The probe: sees a demo's functions, ASGI messages and jobs.

Each event is written at once.
"""
