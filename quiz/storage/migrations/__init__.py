"""The tables' history, a module in versions/ for every change. quiz/tables.py names the last."""
