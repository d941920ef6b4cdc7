"""What we need from the world. The docstrings of a port are its contract."""
