"""Demos as data: demo.yaml and the files beside it.

Never imports a demo's code, and knows no runs.
"""
