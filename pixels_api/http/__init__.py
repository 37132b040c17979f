"""What every route shares: middleware, errors, compression, caching and the client's files."""
