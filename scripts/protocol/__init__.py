"""Writes what is generated from the protocol definition."""
