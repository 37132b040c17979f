"""One person's socket: handshake, frames in, frames out."""
