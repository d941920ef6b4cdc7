"""The files of the cookbook are in order, and its clients do what the page says."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from tests.commands import plg_on_path
from tests.docs.pages import page
from tests.docs.test_client_example import SHOWN, narrow_key
from tests.docs.world import all_settings, serving

PAGE = page("cookbook.md")
NOT_MODIFIED = 'route="/api/v1/players/{killer_bi_id}",status="304"'
CLIENTS = {
    "python": ("client.py", [sys.executable]),
    "js": ("client.mjs", ["node"]),
    "go": ("client.go", ["go", "run"]),
    "sh": ("client.sh", ["bash"]),
}


def example(kind: str) -> str:
    (found,) = [each for each in PAGE.fences(kind) if each.note == "example: client"]
    return found.text


def file(name: str) -> str:
    kinds = ("ini", "nginx", "sh", "")
    (found,) = [each for each in PAGE.fences(*kinds) if each.note == f"file: {name}"]
    return found.text


def installed(*kinds: str) -> list[str]:
    return [kind for kind in kinds if shutil.which(CLIENTS[kind][1][0])]


@pytest.mark.parametrize("kind", installed("python", "js", "go"))
async def test_a_client_waits_where_it_is_refused_and_asks_again_for_what_is_new(
    kind: str, tmp_path: Path
) -> None:
    name, command = CLIENTS[kind]
    async with serving(tmp_path / "data") as (address, container):
        key = await narrow_key(container)
        (tmp_path / name).write_text(example(kind).replace(SHOWN, address), encoding="utf-8")
        printed = await output_of([*command, name], tmp_path, key)
        metrics = await metrics_at(address)

    first, second, again = printed.splitlines()
    assert ("KB-000001" in first, "KB-000002" in second, again) == (True, True, first)
    assert NOT_MODIFIED in metrics


async def test_curl_keeps_its_file_where_nothing_is_new(tmp_path: Path) -> None:
    async with serving(tmp_path / "data") as (address, container):
        key = await narrow_key(container)
        (tmp_path / "client.sh").write_text(example("sh").replace(SHOWN, address), encoding="utf-8")
        await output_of(["bash", "client.sh"], tmp_path, key)
        first = (tmp_path / "player.json").read_bytes()
        await output_of(["bash", "client.sh"], tmp_path, key)
        metrics = await metrics_at(address)

    assert b"KB-000001" in first
    assert (tmp_path / "player.json").read_bytes() == first
    assert NOT_MODIFIED in metrics


async def output_of(command: Sequence[str], folder: Path, key: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env={**os.environ, "PLG_KEY": key}, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return printed.decode()


async def metrics_at(address: str) -> str:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{address}/metrics")).text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    here = file("plg.service").replace("/opt/plg/bin/plg", shutil.which("true") or "")
    here = here.replace("User=plg", "User=root").replace("/etc/plg", "/")
    (tmp_path / "plg.service").write_text(here, encoding="utf-8")

    words = ["systemd-analyze", "verify", str(tmp_path / "plg.service")]
    found = subprocess.run(words, capture_output=True, text=True, check=True)
    assert found.stdout + found.stderr == ""


def test_the_nightly_script_makes_a_backup(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    own = {name: value for name, value in os.environ.items() if name not in all_settings()}
    with tempfile.TemporaryDirectory() as bin_folder, plg_on_path(Path(bin_folder)) as plg:
        script = file("plg-nightly").replace("/var/backups/plg", str(backups))
        script = script.replace("/etc/plg", str(tmp_path)).replace("/opt/plg/bin", str(plg))
        subprocess.run([plg / "plg", "migrate"], cwd=tmp_path, env=own, check=True)
        subprocess.run(["sh", "-c", script], cwd=tmp_path, env=own, check=True)

    assert [each.name[:3] for each in backups.iterdir()] == ["db-"]


def test_the_lines_for_cron_have_no_percent_sign() -> None:
    assert "%" not in file("plg.cron")
