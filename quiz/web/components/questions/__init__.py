"""Views of questions and answers that several features share."""
