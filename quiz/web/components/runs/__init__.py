"""Views of runs, and of the forms that start them, that several features share."""
