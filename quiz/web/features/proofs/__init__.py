"""How a question's key was proven."""
