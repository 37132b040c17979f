"""The log and the records in one DynamoDB table."""
