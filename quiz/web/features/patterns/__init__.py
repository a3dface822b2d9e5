"""Every component in every state, under --reload."""
