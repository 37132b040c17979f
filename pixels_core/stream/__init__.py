"""What a node keeps in memory for its clients, and the messages made of it."""
