"""The real host, hub and connections in virtual time; pretended is only what lies outside.

The disk, the wires, the people, and the moment when a process dies.
"""
