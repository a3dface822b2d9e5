"""Packs: their model, their files, what is wrong with them, and the catalog of all."""
