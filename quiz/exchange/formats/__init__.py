"""The formats that can be written: one module each, named as in `--format`."""
