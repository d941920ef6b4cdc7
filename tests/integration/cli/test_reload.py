"""What is declared can change while a gateway serves."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.integration.cli.processes import Running, started
from tests.ports import reserved_port

CLOSE = {"Connection": "close"}  # each request on a connection of its own
KEY = "a-key-that-is-long-enough"
FIRST = """
[source.stock]
file = "stock.csv"
[resource.stock]
source = "stock"
match = "/sku"
"""
MORE = '[resource.goods]\nsource = "stock"\nmatch = "/sku"\nanswer = "envelope"\n'
WORKERS = pytest.mark.parametrize("workers", ["1", "2"])


@contextmanager
def served(
    folder: Path, workers: str, more: Mapping[str, str] | None = None
) -> Iterator[tuple[Running, httpx.Client]]:
    port = str(reserved_port())
    env = {"API_PORT": port, "API_KEY": KEY, "API_WORKERS": workers, **(more or {})}
    (folder / "stock.csv").write_text("sku,left\nAB-1,7\n")
    (folder / "resources.toml").write_text(FIRST)
    with started(folder, "serve", env=env) as gateway:
        gateway.until(lambda: "PLG answers" in gateway.stderr)
        address, headers = f"http://127.0.0.1:{port}/api/v1", {"X-API-Key": KEY, **CLOSE}
        with httpx.Client(base_url=address, headers=headers) as client:
            yield gateway, client
        assert gateway.end() == 0


def status(client: httpx.Client, path: str) -> int:
    return client.get(path).status_code


@WORKERS
def test_another_host_reads_its_declarations_when_it_is_told(tmp_path: Path, workers: str) -> None:
    """Two hosts share the cache database, and have files of their own."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for each in (ours, theirs):
        each.mkdir()
    shared = {"CACHE_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'cache.sqlite3'}"}
    with served(ours, "1", shared), served(theirs, workers, shared) as (gateway, client):
        for each in (ours, theirs):
            (each / "resources.toml").write_text(FIRST + MORE)
        with started(ours, "resources", "reload", env=shared) as reload:
            assert reload.wait() == 0
        gateway.until(lambda: status(client, "/goods/AB-1") == 200)
        assert gateway.process.poll() is None


@WORKERS
def test_resources_come_and_go_and_a_mistake_changes_nothing(tmp_path: Path, workers: str) -> None:
    file = tmp_path / "resources.toml"
    with served(tmp_path, workers) as (gateway, client):
        assert (status(client, "/stock/AB-1"), status(client, "/goods/AB-1")) == (200, 404)
        file.write_text(FIRST + MORE)
        with started(tmp_path, "resources", "reload", env={}) as reload:
            assert reload.wait() == 0
        gateway.until(lambda: status(client, "/goods/AB-1") == 200)
        assert status(client, "/stock/AB-1") == 200

        file.write_text(FIRST.replace("resource.stock", "resource.goods"))
        gateway.process.send_signal(signal.SIGHUP)
        gateway.until(lambda: status(client, "/stock/AB-1") == 404)
        gateway.until(lambda: "data" not in client.get("/goods/AB-1").json())

        file.write_text(FIRST + MORE.replace("/sku", "sku"))
        gateway.process.send_signal(signal.SIGHUP)
        told = "resources.toml, [resource.goods]: match must be"
        gateway.until(lambda: told in gateway.stdout + gateway.stderr)
        assert (status(client, "/stock/AB-1"), status(client, "/goods/AB-1")) == (404, 200)
