"""The canvas as data: bitmap, pixels and statistics."""
