"""What fits in this process."""
