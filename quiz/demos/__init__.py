"""Demos as data: what demo.yaml and the files beside it say.

Never imports a demo's code; knows no runs.
"""
