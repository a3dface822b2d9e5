"""The ways in which a question is answered: a folder each; its name is the YAML's `kind`.

A new kind: `KIND`, a subclass of Question, and question.html and answered.html beside it.
"""
