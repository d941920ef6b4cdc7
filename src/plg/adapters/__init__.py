"""Technology that keeps a port's promise."""
