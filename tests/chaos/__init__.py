"""Everything that a distributed canvas consists of is broken, again and again, while people draw on it."""
