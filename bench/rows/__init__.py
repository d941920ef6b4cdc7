"""The rows of the table, one function each: what is done, and which aims it has."""
