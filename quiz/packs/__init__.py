"""Packs: their model, their files, their problems and the catalog of all packs."""
