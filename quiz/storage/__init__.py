"""Everything that is stored, in one SQLite file. One module per noun.

The rules of scoring and review are in quiz.learning.
"""
