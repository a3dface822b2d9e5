"""A class: the question on the projector, and what learners answered first."""
