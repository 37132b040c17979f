"""Build tools; not part of the wheel."""
