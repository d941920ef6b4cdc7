"""Accounts: who has credentials, and how they log in."""
