"""API keys: made, changed, replaced and ended by those who hold them."""
