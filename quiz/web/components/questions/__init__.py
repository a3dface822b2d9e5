"""What several pages show of questions and answers."""
