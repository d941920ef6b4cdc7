"""The same job on Django REST Framework and SQLite."""
