"""Two ways to practise an interview: cards to say aloud, and mock interviews with a report."""
