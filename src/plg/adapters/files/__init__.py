"""Files that operators keep."""
