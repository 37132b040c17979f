"""The only input and output under the core: storage, the bus, the clock, the network client and the command line."""
