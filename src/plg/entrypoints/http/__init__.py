"""The HTTP channel: an ordinary ASGI app, and a fast lane for the most frequent answer."""
