"""The log: how accepted changes are batched, written, read back and pruned."""
