"""Records as JSON, in the form that clients read."""
