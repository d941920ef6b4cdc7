"""Keys of before get the time of their last change from the audit log."""

from pathlib import Path

from sqlalchemy import text

from plg.adapters.sql.database.dialects import create_durable_engine
from plg.adapters.sql.database.migrations import upgrade
from plg.adapters.sql.database.versions import Line
from tests.integration.sql.database import url_of

ACCOUNT = (
    "INSERT INTO accounts (id, email, role, is_active, is_verified, created_at, email_key)"
    " VALUES ('01A', 'a@example.org', 'user', 1, 1, 1.0, 'a@example.org')"
)
KEY = (
    "INSERT INTO api_keys (id, account_id, name, prefix, scopes, created_at, allowed_networks,"
    " is_enabled) VALUES (:id, '01A', 'ci', 'plg_live_A', '', 1.0, '', 1)"
)
AUDIT = (
    "INSERT INTO audit_log (id, at, actor_id, action, target, details)"
    " VALUES (:id, :at, 'ana', :action, 'key:01K', '{}')"
)
HISTORY = [(1.0, "key.issued"), (5.0, "key.changed"), (7.0, "key.revoked"), (9.0, "key.looked_at")]


async def test_a_key_has_the_time_of_its_last_change(path: Path) -> None:
    engine = create_durable_engine(url_of(path))
    await upgrade(engine, Line.DURABLE, "durable_0010")
    async with engine.begin() as connection:
        await connection.execute(text(ACCOUNT))
        for key_id in ("01K", "01UNCHANGED"):
            await connection.execute(text(KEY), {"id": key_id})
        for at, action in HISTORY:
            await connection.execute(text(AUDIT), {"id": f"{at}", "at": at, "action": action})
    await upgrade(engine, Line.DURABLE)
    async with engine.connect() as connection:
        rows = (await connection.execute(text("SELECT id, updated_at FROM api_keys"))).all()
    await engine.dispose()

    assert {row.id: row.updated_at for row in rows} == {"01K": 7.0, "01UNCHANGED": None}
