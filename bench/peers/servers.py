"""How each peer is started."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.lab import Lab
from bench.peers.nginx import find_nginx, nginx_command
from bench.processes import Server, free_port, running
from bench.records import API_KEY, KEY_HEADER, PLAYER_PATH, fill_plain, player_id

ONE_PLAYER = PLAYER_PATH + player_id(1)


def raw_asgi(
    lab: Lab, answer_bytes: int, *, is_load: bool = False
) -> AbstractContextManager[Server]:
    """Run the ceiling, with whole answers of this many bytes."""
    return lab.asgi(
        "raw-asgi",
        "bench.peers.raw_asgi:app",
        is_load=is_load,
        BENCH_ANSWER_BYTES=str(answer_bytes),
    )


def source(lab: Lab) -> AbstractContextManager[Server]:
    """Run a source that answers at once, on the load's core."""
    return lab.asgi("source", "bench.peers.source:app", is_load=True)


def plain(lab: Lab, database: Path, source_url: str = "") -> AbstractContextManager[Server]:
    """Run the plain version."""
    return lab.asgi(
        "plain",
        "bench.peers.plain:app",
        BENCH_API_KEY=API_KEY,
        BENCH_DATABASE=str(database),
        BENCH_SOURCE=source_url,
    )


def drf(lab: Lab, database: Path) -> AbstractContextManager[Server]:
    """
    Run Django REST Framework on the plain version's table.

    On uvicorn's WSGI interface: on one core that was faster than gunicorn's sync and
    gthread workers, and much faster than Django's ASGI handler.
    """
    return lab.asgi(
        "drf",
        "bench.peers.drf.wsgi:application",
        "--interface",
        "wsgi",
        BENCH_API_KEY=API_KEY,
        BENCH_DATABASE=str(database),
    )


@contextmanager
def nginx(lab: Lab, answer_bytes: int) -> Iterator[Server | None]:
    """Run nginx with one player in its cache; None where nginx is not installed."""
    binary = find_nginx()
    if binary is None:
        yield None
        return
    port, folder = free_port(), lab.workspace / "nginx"
    with raw_asgi(lab, answer_bytes, is_load=True) as origin:
        origin.wait_for(ONE_PLAYER)
        command = nginx_command(binary, folder, port=port, origin=origin.port, key=API_KEY)
        with running("nginx", command, port=port, folder=folder, core=lab.server_core) as server:
            server.wait_for(ONE_PLAYER, KEY_HEADER)
            yield server


def plain_database(lab: Lab, rows: int) -> Path:
    """Return a database of the plain version and DRF with this many players."""
    file = lab.workspace / f"plain-{rows}.sqlite3"
    if not file.exists():
        fill_plain(file, rows)
    return file
