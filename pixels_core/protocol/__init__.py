"""The wire protocol: messages, their JSON and binary forms, close codes, and what is generated from them."""
