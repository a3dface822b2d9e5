"""The kinds of question: one folder each, whose name is the `kind` in YAML.

A kind has `KIND`, a subclass of Question, and the templates question.html and answered.html.
"""
