"""Kinds of records that are declared, not coded: what a declaration may say."""
