"""The page of a question's proof."""
