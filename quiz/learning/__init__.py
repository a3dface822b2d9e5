"""Pure rules about learners: scores, spaced repetition, what is due.

Knows no database and no page.
"""
