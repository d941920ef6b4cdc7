"""How programs of others are told."""
