"""After Response: a quiz on background work in Python web apps. Nothing but the version here."""

__version__ = "0.1.0"
