"""The program: the `pixels` command, the servers it starts, and the only place where the tiers are put together."""
