"""Metrics for Prometheus, logs for people and machines."""
