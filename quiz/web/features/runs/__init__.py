"""One run, live and afterwards, and runs side by side."""
