"""The formats that are known: a module each, named as in `--format`. It knows no other."""
