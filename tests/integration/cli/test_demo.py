"""`plg demo` as a process."""

import re
import shlex
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from plg.container import Container
from plg.entrypoints.cli.server.demo_keys import kept_key, partner_key
from plg.settings import Settings
from tests.integration.cli.conftest import CommandLine
from tests.integration.cli.processes import Running, started
from tests.ports import reserved_port


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Running]:
    with started(folder, "demo", env={"API_PORT": str(reserved_port())}) as demo:
        yield demo


def words_of_curl(demo: Running, name: str) -> list[str]:
    """Return the arguments of the curl line that it prints under a name, once it does."""
    line = demo.until(lambda: re.search(rf"{name} +curl (.*)\n", demo.stdout))
    return shlex.split(line[1])


def ask_as_printed(demo: Running, name: str = "Try") -> httpx.Response:
    words = iter(words_of_curl(demo, name))
    method, headers, url = "GET", {}, ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            field, value = next(words).split(": ")
            headers[field] = value
        elif word != "-i":
            url = word
    return httpx.request(method, url, headers=headers)


def is_gone(address: str) -> bool:
    try:
        httpx.get(f"{address}/_stats")
    except httpx.TransportError:
        return True
    return False


def test_the_printed_line_answers_200(demo: Running) -> None:
    answer = ask_as_printed(demo)

    assert (answer.status_code, answer.json()["killer_bi_id"]) == (200, "KB-000001")


def test_the_printed_documents_are_there(demo: Running) -> None:
    line = demo.until(lambda: re.search(r"Read +(.*)\n", demo.stdout))

    assert httpx.get(line[1]).status_code == 200


def test_the_source_can_be_made_to_fail_as_printed(demo: Running) -> None:
    _, method, url, _, body = words_of_curl(demo, "Break")

    assert httpx.request(method, url, content=body).json()["error_ratio"] == 0.5


def test_the_demonstration_keeps_everything_in_a_folder_of_its_own(
    demo: Running, folder: Path
) -> None:
    words_of_curl(demo, "Try")

    assert [path.name for path in (folder / "data").iterdir()] == ["demo"]
    databases = {path.name for path in (folder / "data" / "demo").glob("*.sqlite3")}
    assert databases == {"db.sqlite3", "cache.sqlite3"}


def test_the_partners_lines_show_limits_a_quota_and_what_is_owed(demo: Running) -> None:
    limits = ask_as_printed(demo, "Limits").headers
    usage = ask_as_printed(demo, "Usage").json()
    bill = ask_as_printed(demo, "Bill").json()

    assert '"daily";q=' in limits["ratelimit-policy"]
    assert (usage["plan"], usage["used_today"] >= 1) == ("basic", True)
    assert float(bill["amount"]) > 0


async def test_the_partner_has_the_same_key_again_and_a_new_one_where_it_is_lost(
    tmp_path: Path,
) -> None:
    async def asked() -> str:
        settings = Settings.from_env({"DATA_DIR": str(tmp_path)})
        return await partner_key(Container(settings=settings), kept)

    kept = tmp_path / "partner_key"
    first, again = await asked(), await asked()
    kept.write_text("of another folder\n")

    assert first == again
    assert await asked() not in (first, "of another folder")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_port_that_is_taken_is_said_and_the_next_one_serves(tmp_path: Path) -> None:
    taken = reserved_port()
    with (
        socket.create_server(("127.0.0.1", taken)),
        started(tmp_path, "demo", env={"API_PORT": str(taken)}) as demo,
    ):
        answer = ask_as_printed(demo)

        assert answer.status_code == 200
        assert answer.url.port != taken
        assert f"Port {taken} of 127.0.0.1 is taken" in demo.stderr


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGKILL, -9)])
def test_the_source_ends_with_the_gateway_however_that_ends(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    with (
        started(tmp_path, "demo", env={"API_PORT": str(reserved_port())}) as demo,
        started(tmp_path, "simulate", "--port", str(reserved_port()), env={}) as other,
    ):
        source = words_of_curl(demo, "Break")[2].removesuffix("/_control")

        assert demo.end(number) == status
        other.until(lambda: is_gone(source))


def test_several_workers_share_the_source_and_a_key_that_is_set(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("API_KEY=a-key-from-the-dotenv-file\nAPI_WORKERS=2\n")
    with started(tmp_path, "demo", env={"API_PORT": str(reserved_port())}) as demo:
        statuses = {ask_as_printed(demo).status_code for _ in range(10)}

        assert (statuses, demo.end()) == ({200}, 0)
        assert words_of_curl(demo, "Try")[1] == "X-API-Key: a-key-from-the-dotenv-file"
        assert not (tmp_path / "data" / "demo" / "service_key").exists()


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "demo" / "service_key"
    key = kept_key(path)

    assert (len(key), kept_key(path), path.stat().st_mode & 0o777) == (32, key, 0o600)


def test_a_key_that_cannot_be_kept_is_one_sentence(fresh: CommandLine) -> None:
    (fresh.folder / "data").touch()
    result = fresh("demo")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "data/demo/service_key cannot be kept" in result.stderr
