"""A question, its answer and its attempt."""
