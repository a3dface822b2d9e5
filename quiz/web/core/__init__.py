"""What every page builds on: requests, templates, errors, security. Knows no page."""
