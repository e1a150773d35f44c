"""What everybody who speaks to Redis (or Valkey) shares: the connection, and listening to channels."""
