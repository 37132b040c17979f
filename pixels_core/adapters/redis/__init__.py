"""The bus between processes and the leader's lease, on Redis or Valkey."""
