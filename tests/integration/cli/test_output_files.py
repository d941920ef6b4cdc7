"""Commands write to what they are given, and to nothing that they read."""

import os
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from plg.domain.errors import StorageUnavailable
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.output_files import written_along, written_whole
from tests.integration.cli.conftest import CommandLine

ANA = "KB-000001"


@pytest.fixture
def filled(run: CommandLine) -> CommandLine:
    run("get", "player", ANA)
    return run


def write(path: Path, content: bytes = b"lines") -> None:
    with written_whole(str(path), []) as file:
        file.write(content)


def test_a_fifo_is_written_to(tmp_path: Path) -> None:
    fifo, came = tmp_path / "fifo", []
    os.mkfifo(fifo)
    reader = threading.Thread(target=lambda: came.append(fifo.read_bytes()))
    reader.start()
    write(fifo)
    reader.join()

    assert (came, fifo.is_fifo()) == ([b"lines"], True)


def test_a_device_stays_a_device(tmp_path: Path) -> None:
    link = tmp_path / "null"
    link.symlink_to(os.devnull)
    write(link)

    assert (link.is_symlink(), Path(os.devnull).is_char_device()) == (True, True)
    assert list(tmp_path.iterdir()) == [link]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_is_followed(tmp_path: Path, *, is_there: bool) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    if is_there:
        target.write_text("old")
    write(link)

    assert (link.is_symlink(), target.read_bytes()) == (True, b"lines")


def test_a_new_file_is_its_owners_only_and_another_keeps_its_mode(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    old.touch()
    old.chmod(0o644)
    write(new)
    write(old)

    assert [path.stat().st_mode & 0o777 for path in (new, old)] == [0o600, 0o644]


def test_a_file_stays_as_it_was_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with suppress(ZeroDivisionError), written_whole(str(path), []) as file:
        file.write(b"half")
        raise ZeroDivisionError

    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"file": "old"}


@pytest.mark.parametrize("name", ["same", "link", "hard"])
@pytest.mark.parametrize("way", ["whole", "along"])
def test_nothing_is_written_to_what_is_read(tmp_path: Path, name: str, way: str) -> None:
    read = tmp_path / "same"
    read.write_text("read")
    (tmp_path / "link").symlink_to(read)
    (tmp_path / "hard").hardlink_to(read)
    path = str(tmp_path / name)
    writing = (
        written_whole(path, [read])
        if way == "whole"
        else written_along(path, [read], goes_on=False)
    )
    with pytest.raises(WrongUse, match="read by this command"), writing:
        pass

    assert read.read_text() == "read"


@pytest.mark.parametrize("name", ["db.sqlite3", "cache.sqlite3", "secret_key"])
def test_an_export_never_replaces_what_plg_stands_on(filled: CommandLine, name: str) -> None:
    before = (filled.folder / "data" / name).read_bytes()
    result = filled("cache", "export", f"data/{name}")

    assert (result.exit_code, (filled.folder / "data" / name).read_bytes()) == (2, before)


def test_a_list_is_not_emptied_by_its_own_failures(run: CommandLine) -> None:
    ids = run.folder / "ids"
    ids.write_text(f"{ANA}\n")
    result = run("warm", "ids", "--failed", "./ids")

    assert (result.exit_code, ids.read_text()) == (2, f"{ANA}\n")


def test_failures_into_a_folder_that_is_not_there_are_one_sentence(run: CommandLine) -> None:
    (run.folder / "ids").write_text(f"{ANA}\n")
    result = run("warm", "ids", "--failed", "nowhere/failed")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


def test_a_full_device_is_one_sentence(filled: CommandLine) -> None:
    (filled.folder / "full.jsonl").symlink_to("/dev/full")
    result = filled("cache", "export", "full.jsonl")

    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "full.jsonl cannot be written" in result.stderr


def test_lines_that_a_full_device_does_not_take_are_said() -> None:
    with (
        pytest.raises(StorageUnavailable, match="cannot be written"),
        written_along("/dev/full", [], goes_on=False) as file,
    ):
        file.write("line")
