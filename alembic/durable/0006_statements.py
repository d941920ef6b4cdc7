"""
Statements: what accounts owe for ranges of their usage records.

A row of `statements` is a statement or a credit note. It covers the account's records from
`first_sequence` to `last_sequence`, those of its currency; `head` is the MAC of the last one.
`position` is its place among all, `balance` what the account's came to in its currency, with it.
Amounts are whole numbers in billionths of the currency, as text, since sums of them may go beyond
64 bits; `from_at` and `to_at` are in microseconds since the epoch, as in `usage_records`.

Lines are written before their statement, and once it is there the database itself refuses to
change, remove or add any. `statement_numbers` has the last number of each series: its rows are
locked by who takes one, so that a number that is not used in the end is taken again. `closings`
binds clients' idempotency keys to what was made under them, numbers separated by blanks.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "durable_0006"
down_revision = "durable_0005"
branch_labels = None
depends_on = None


def exact(length: int, charset: str = "ascii") -> sa.String:
    """Return a text whose order and equality are those of its characters' codes."""
    plain = mysql.VARCHAR(length, charset=charset, collation=f"{charset}_bin")
    return (
        sa.String(length)
        .with_variant(plain, "mysql", "mariadb")
        .with_variant(sa.String(length, collation="C"), "postgresql")
    )


ID = exact(26)
NUMBER = exact(32)
AMOUNT = exact(40)
CURRENCY = exact(3)
DIGEST = sa.LargeBinary(32).with_variant(mysql.VARBINARY(32), "mysql", "mariadb")
SERIES = ("PLG", "PLG-CN")
TABLES = ("statements", "statement_lines")
DROPPED_IN_ORDER = ("closings", "statement_numbers", "statement_lines", "statements")

_IS_CLOSED = "EXISTS (SELECT 1 FROM statements WHERE number = NEW.number)"


def _refused(table: str) -> str:
    return f"{table} is insert-only"


def _sqlite_guards(table: str) -> tuple[str, ...]:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{_refused(table)}'); END"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refusal}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refusal}",
        # It would also replace a row (INSERT OR REPLACE) without a word to the trigger on DELETE.
        f"CREATE TRIGGER {table}_closed BEFORE INSERT ON {table} WHEN {_IS_CLOSED} {refusal}",
    )


def _mysql_guards(table: str) -> tuple[str, ...]:
    refusal = f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{_refused(table)}'"
    return (
        f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {refusal}""",
        f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refusal}""",
        f"""CREATE TRIGGER {table}_closed BEFORE INSERT ON {table} FOR EACH ROW
        IF {_IS_CLOSED} THEN {refusal}; END IF""",
    )


def _postgresql_guards(table: str) -> tuple[str, ...]:
    return (
        f"""CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_refused(table)}'; END $$""",
        f"""CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
        f"""CREATE FUNCTION {table}_refuse_closed() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF {_IS_CLOSED} THEN RAISE EXCEPTION '{_refused(table)}'; END IF;
        RETURN NEW; END $$""",
        f"""CREATE TRIGGER {table}_closed BEFORE INSERT ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_refuse_closed()""",
    )


_GUARDS_OF = {
    "sqlite": _sqlite_guards,
    "postgresql": _postgresql_guards,
    "mysql": _mysql_guards,
    "mariadb": _mysql_guards,
}
GUARDS = {
    dialect: tuple(guard for table in TABLES for guard in guards_of(table))
    for dialect, guards_of in _GUARDS_OF.items()
}
# A trigger goes with its table, the functions of PostgreSQL do not.
UNGUARDS = {
    "postgresql": tuple(
        f"DROP FUNCTION {table}_{name}()"
        for table in TABLES
        for name in ("refuse", "refuse_closed")
    )
}


def upgrade() -> None:
    _create_statements()
    _create_lines()
    numbers = op.create_table(
        "statement_numbers",
        sa.Column("series", exact(8), primary_key=True),
        sa.Column("last", sa.BigInteger(), nullable=False),
    )
    op.bulk_insert(numbers, [{"series": series, "last": 0} for series in SERIES])
    op.create_table(
        "closings",
        sa.Column("account_id", ID, primary_key=True),
        sa.Column("idempotency_key", exact(255, "utf8mb4"), primary_key=True),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in DROPPED_IN_ORDER:
        op.drop_table(table)
    for statement in UNGUARDS.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def _create_statements() -> None:
    op.create_table(
        "statements",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("currency", CURRENCY, nullable=False),
        sa.Column("amount", AMOUNT, nullable=False),
        sa.Column("balance", AMOUNT, nullable=False),
        sa.Column("closed_at", sa.Double(), nullable=False),
        sa.Column("first_sequence", sa.BigInteger(), nullable=True),
        sa.Column("last_sequence", sa.BigInteger(), nullable=True),
        sa.Column("from_at", sa.BigInteger(), nullable=True),
        sa.Column("to_at", sa.BigInteger(), nullable=True),
        sa.Column("head", DIGEST, nullable=True),
        sa.Column("credited", NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
    )
    op.create_index("ux_statements_position", "statements", ["position"], unique=True)
    op.create_index("ix_statements_account", "statements", ["account_id", "position"])
    op.create_index(
        "ux_statements_range",
        "statements",
        ["account_id", "currency", "last_sequence"],
        unique=True,
    )
    op.create_index("ix_statements_last", "statements", ["account_id", "last_sequence"])
    op.create_index("ix_statements_credited", "statements", ["credited"])


def _create_lines() -> None:
    op.create_table(
        "statement_lines",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("line", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("resource", exact(32), nullable=False),
        sa.Column("metered", exact(16), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("plan_code", exact(32), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("amount", AMOUNT, nullable=False),
        sa.Column("credits", sa.Integer(), nullable=True),
    )
