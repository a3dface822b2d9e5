"""The probe: it reports the demo's functions, ASGI messages and jobs, each event at once."""
