"""A question: its form, the answer, the attempt."""
