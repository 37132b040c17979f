"""What both tiers need to know about HTTP: addresses, origins, tokens and status codes."""
