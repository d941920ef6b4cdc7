"""Channels through which somebody asks: HTTP, command line, simulator."""
