"""Rules about learners: scores, spaced repetition and reviews. Knows no database and no page."""
