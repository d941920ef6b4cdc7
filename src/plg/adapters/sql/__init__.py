"""Tables in SQLite, PostgreSQL or MySQL, through SQLAlchemy Core."""
