"""Interview cards and mock interviews."""
