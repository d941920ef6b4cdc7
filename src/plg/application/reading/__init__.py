"""Read-through: one engine for every kind of record (RFC 9111 and RFC 5861, towards a source)."""
