"""Sources that speak HTTP."""
