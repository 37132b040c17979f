"""Pictures: read, scaled to the palette, and written."""
