"""Proofs: what repeated runs say about a key, and the record beside the pack."""
