"""Pictures of the canvas."""
