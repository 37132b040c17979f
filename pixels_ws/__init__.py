"""The socket tier: an ASGI application for Granian that takes people's sockets and carries the stream to them."""
