"""
Runs the migrations of one version line over a connection that the caller hands over.

A line is a folder beside this file: `durable` (what must not be lost) or `cache` (what can be
fetched again). They may share one database: each counts in a version table of its own.

`config.attributes` carries the `line` and the `connection`, a synchronous SQLAlchemy connection
in the transaction that all of the line's migrations share.
"""

from alembic import context

LINES = ("durable", "cache")

line = context.config.attributes.get("line")
if line not in LINES:
    raise ValueError(f"The version line is one of {', '.join(LINES)}, not {line!r}.")

connection = context.config.attributes.get("connection")
if connection is None:
    raise ValueError("Migrations run over a connection that PLG made: use `plg migrate`.")

context.configure(
    connection=connection,
    target_metadata=None,  # migrations are written by hand
    version_table=f"plg_{line}_version",
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
