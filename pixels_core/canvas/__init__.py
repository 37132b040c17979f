"""The picture itself: cells, sizes, regions and palettes."""
