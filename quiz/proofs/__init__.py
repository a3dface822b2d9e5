"""Proofs: repeated runs that confirm the key of a question, and the record of the result."""
