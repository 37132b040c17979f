"""Pixels' engine: the rules of a shared canvas, without any input or output."""
