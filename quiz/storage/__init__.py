"""Everything that is kept, in one SQLite file. One module per noun.

The rules are in quiz.learning.
"""
