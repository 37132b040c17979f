"""The log and the records in one SQLite database on disk."""
