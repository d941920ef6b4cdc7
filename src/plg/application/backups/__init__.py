"""Backups of the durable database."""
