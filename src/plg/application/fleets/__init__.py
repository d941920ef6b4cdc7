"""Sets of vehicles, and the accounts that are bound to them."""
