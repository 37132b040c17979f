"""The client for scripts and bots: `PixelsClient`, and what it is made of."""
