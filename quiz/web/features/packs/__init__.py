"""A pack's topics and questions, its export, its schema and the feed."""
