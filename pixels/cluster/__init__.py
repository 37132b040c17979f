"""A distributed canvas on one machine: Redis, DynamoDB Local, the API, socket nodes and HAProxy."""
