"""The marks of a drawn timeline: bars, bands, curves, labels and lines, each in its place."""
