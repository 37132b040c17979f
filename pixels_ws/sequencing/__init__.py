"""Deciding: the sequencer's host, the leader's lease, and a node's end of the bus."""
