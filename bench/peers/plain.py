"""
The plain version of PLG's design, as one would write it in an afternoon.

A Starlette route, the key checked, a select through async SQLAlchemy and aiosqlite on
every request, `httpx.AsyncClient` on a miss, JSONResponse with an ETag of its bytes.
"""

import hashlib
import hmac
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import JSON, Column, Float, MetaData, String, Table, Text, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_KEY = os.environ["BENCH_API_KEY"].encode()
_SOURCE = os.environ.get("BENCH_SOURCE", "")
_TTL_SECONDS = 3600

_metadata = MetaData()
_players = Table(
    "players",
    _metadata,
    Column("killer_bi_id", String(128), primary_key=True),
    Column("nick", Text),
    Column("big_payload", JSON, nullable=False),
    Column("synced_at", Text, nullable=False),
    Column("expires_at", Float, nullable=False),
)
_engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['BENCH_DATABASE']}")
_client = httpx.AsyncClient(base_url=_SOURCE)


@event.listens_for(_engine.sync_engine, "connect")
def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=30000")


async def show(request: Request) -> Response:
    """Answer with the player: from the database while it is fresh, else from the source."""
    sent = request.headers.get("x-api-key", "").encode()
    if not hmac.compare_digest(sent, _KEY):
        return JSONResponse({"title": "Unauthorized"}, status_code=401)
    killer_bi_id = request.path_params["killer_bi_id"]
    player = await _cached(killer_bi_id) or await _fetched(killer_bi_id)
    if player is None:
        return JSONResponse({"title": "Not found"}, status_code=404)
    response = JSONResponse(player)
    etag = f'"{hashlib.sha256(response.body).hexdigest()}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"private, max-age={_TTL_SECONDS}"
    return response


async def _cached(killer_bi_id: str) -> dict[str, Any] | None:
    columns = (c for c in _players.c if c.name != "expires_at")
    query = select(*columns).where(
        _players.c.killer_bi_id == killer_bi_id, _players.c.expires_at > time.time()
    )
    async with _engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    return None if row is None else dict(row._mapping)  # noqa: SLF001 - public despite its name


async def _fetched(killer_bi_id: str) -> dict[str, Any] | None:
    answer = await _client.get("/players", params={"killer_bi_id": killer_bi_id})
    records = answer.raise_for_status().json()
    if not records:
        return None
    player = {
        "killer_bi_id": killer_bi_id,
        "nick": records[0].get("nick"),
        "big_payload": records[0],
        "synced_at": datetime.now(UTC).isoformat(),
    }
    values = {**player, "expires_at": time.time() + _TTL_SECONDS}
    async with _engine.begin() as connection:
        await connection.execute(insert(_players).values(values).on_conflict_do_nothing())
    return player


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    async with _engine.begin() as connection:
        await connection.run_sync(_metadata.create_all)
    yield
    await _client.aclose()
    await _engine.dispose()


app = Starlette(routes=[Route("/api/v1/players/{killer_bi_id}", show)], lifespan=_lifespan)
