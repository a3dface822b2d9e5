"""All demos, and one demo with its form."""
