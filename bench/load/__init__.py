"""Load from the other core: wrk where it is installed, else a generator in Python."""
