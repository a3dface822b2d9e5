"""A run: its page and its stream; runs side by side."""
