"""Input and output under the core: storage, the bus, pictures, and what hosts a server."""
