"""What several pages show: a question's card, a run's lab, the marks of a topic, ready-made.

It stands between the pages and the frame and answers no request.
"""
