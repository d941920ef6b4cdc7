"""What is sold, to whom, and what is owed for it."""
