"""Under --reload: every component in every state."""
