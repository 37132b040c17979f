"""What may happen on a canvas: commands in, verdicts and events out."""
