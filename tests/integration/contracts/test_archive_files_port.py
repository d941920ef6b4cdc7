"""`ArchiveFilesPort`, kept by every way to keep archives."""

from pathlib import Path

import pytest

from plg.adapters.files.archive_lines import write_line
from plg.adapters.files.archives import GzipArchives
from plg.application.ports.ledger.archive_files import ArchiveFilesPort, ArchiveLine
from plg.domain.errors import StorageUnavailable
from tests.fakes.archive_files import MemoryArchiveFiles
from tests.fakes.archives import CHECKPOINT, ERASED, HEADER, KEPT, NOTHING, SEALED, STATEMENT


@pytest.fixture(params=["gzip", "twin"])
def files(request: pytest.FixtureRequest) -> ArchiveFilesPort:
    return GzipArchives() if request.param == "gzip" else MemoryArchiveFiles()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "ana.jsonl.gz"


async def read(files: ArchiveFilesPort, path: Path) -> list[ArchiveLine]:
    return [line async for page in files.pages(path) for line in page]


async def test_lines_come_back_as_they_were(files: ArchiveFilesPort, path: Path) -> None:
    kept = KEPT._replace(file=str(path))
    stated = STATEMENT._replace(minor_digits=0)
    lines: list[ArchiveLine] = [HEADER, SEALED, ERASED, STATEMENT, NOTHING, stated, kept]
    async with files.draft(path) as draft:
        await draft.add(lines[:2])
        await draft.add(lines[2:])

    assert await read(files, path) == lines
    assert CHECKPOINT.form == kept.checkpoint.form


def test_a_statement_that_states_no_decimals_is_written_as_before() -> None:
    assert b"minor_digits" not in write_line(STATEMENT)
    assert b'"minor_digits":0' in write_line(STATEMENT._replace(minor_digits=0))


async def test_many_lines_come_in_pages(files: ArchiveFilesPort, path: Path) -> None:
    async with files.draft(path) as draft:
        await draft.add([SEALED] * 2500)
    pages = [len(page) async for page in files.pages(path)]

    assert sum(pages) == 2500
    assert max(pages) <= 1000


async def test_a_file_is_there_when_all_of_it_is(files: ArchiveFilesPort, path: Path) -> None:
    async with files.draft(path) as draft:
        await draft.add([HEADER])
        assert not await files.exists(path)
    assert await files.exists(path)


async def test_what_failed_leaves_no_file(files: ArchiveFilesPort, path: Path) -> None:
    async with files.draft(path) as draft:
        await draft.add([HEADER])

    async def fail() -> None:
        async with files.draft(path) as draft:
            await draft.add([SEALED])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await read(files, path) == [HEADER]


async def test_a_file_is_written_anew(files: ArchiveFilesPort, path: Path) -> None:
    async with files.draft(path) as draft:
        await draft.add([SEALED])
    async with files.draft(path) as draft:
        async for page in files.pages(path):
            await draft.add([HEADER, *page])

    assert await read(files, path) == [HEADER, SEALED]


async def test_nobody_writes_what_another_writes(files: ArchiveFilesPort, path: Path) -> None:
    async with files.draft(path) as draft:
        with pytest.raises(StorageUnavailable, match="another process"):
            async with files.draft(path):
                pass
        await draft.add([HEADER])

    assert await read(files, path) == [HEADER]


async def test_a_file_that_is_not_there_cannot_be_read(files: ArchiveFilesPort, path: Path) -> None:
    with pytest.raises(StorageUnavailable, match=r"ana\.jsonl\.gz cannot be read"):
        await read(files, path)
    assert not await files.exists(path)


async def test_an_archive_that_was_moved_is_written_anew_where_its_link_leads(
    path: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "elsewhere"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(moved)
    files = GzipArchives()
    async with files.draft(path) as draft:
        await draft.add([SEALED])

    assert path.is_symlink()
    assert await read(files, moved) == [SEALED]
