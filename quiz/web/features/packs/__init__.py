"""A pack's pages and files: topics, questions, exports, its JSON Schema, the Atom feed."""
