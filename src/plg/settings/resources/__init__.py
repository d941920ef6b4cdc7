"""The file in which an operator declares kinds of records, and where they come from."""
