"""HTML of other programs as Markdown, and back."""
