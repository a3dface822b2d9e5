"""What several pages show: a question's card, a run's lab, the marks of a topic. Templates get these ready-made.

Nothing here reads a request or answers one; it stands between the pages and the frame.
"""
