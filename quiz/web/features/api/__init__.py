"""The JSON API under /sandbox, its documentation, and the health check."""
