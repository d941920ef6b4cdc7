"""How accounts are told what happens to them."""
