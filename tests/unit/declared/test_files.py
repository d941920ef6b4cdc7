"""Files of records."""

import os
from pathlib import Path

import pytest

from plg.adapters.files.record_files import Unreadable, read_records
from plg.adapters.files.records import FileSource
from plg.application.ports.records.source import Fetched, NotModified
from plg.domain.errors import SourceFailed
from plg.domain.records.declared.keys import DeclaredKey, Fold, KeyRule
from plg.domain.records.declared.pointers import Pointer

RULE = KeyRule("sku", fold=Fold.UPPER)
SKU = Pointer(("sku",))
CSV = 'sku,name\nab-1,"One, two"\n\nAB-2,\nab-1,again\n'


def records(folder: Path, name: str, text: str | bytes) -> dict[str, bytes]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_records(path, RULE, SKU)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", CSV),
        ("a.csv", "\ufeff" + CSV.replace("\n", "\r\n")),
        ("a.json", '[ {"sku":"ab-1","name":"One, two"} , {"sku":"AB-2","name":""} ]'),
        ("a.ndjson", '{"sku":"ab-1","name":"One, two"}\n\n{"sku":"AB-2","name":""}'),
    ],
)
def test_each_form_is_read(tmp_path: Path, name: str, text: str) -> None:
    found = records(tmp_path, name, text)

    assert found == {
        "AB-1": b'{"sku":"ab-1","name":"One, two"}',
        "AB-2": b'{"sku":"AB-2","name":""}',
    }


def test_json_stays_as_it_is_written(tmp_path: Path) -> None:
    assert records(tmp_path, "a.json", '[{"sku": 7, "n": 1.10}]') == {"7": b'{"sku": 7, "n": 1.10}'}


WRONG: dict[str, list[str | bytes]] = {
    "b.csv": [b"sku\n\xff\n"],
    "a.csv": [
        "sku,sku\na,b\n",
        "sku,name\na\n",
        'sku\n"a\n',
        "name\na\n",
        "sku\n..\n",
        b"sku\n\xff\n",
    ],
    "a.json": ['[{"sku":1}', "[1]", "[{}]", '[{"sku":true}]', '[{"sku":1.5}]', '{"sku":1} x'],
    "a.ndjson": ['{"sku":1}\n{"sku"}\n', '{"sku":1}\n{"x":2}'],
}


def test_what_is_no_file_of_records_is_refused(tmp_path: Path) -> None:
    taken = []
    for name, texts in WRONG.items():
        for text in texts:
            try:
                taken.append((text, records(tmp_path, name, text)))
            except Unreadable:
                continue
    assert taken == []


def source(folder: Path, text: str = CSV) -> FileSource:
    (folder / "a.csv").write_text(text)
    return FileSource(folder / "a.csv", RULE, SKU)


def replace(folder: Path, text: str) -> None:
    (folder / "new").write_text(text)
    (folder / "new").replace(folder / "a.csv")


async def test_a_record_is_found_by_its_key(tmp_path: Path) -> None:
    stock = source(tmp_path)
    answer = await stock.fetch(DeclaredKey("AB-2"))

    assert isinstance(answer, Fetched)
    assert answer.record.document == b'{"sku":"AB-2","name":""}'
    assert isinstance(await stock.fetch(DeclaredKey("AB-2"), answer.validator), NotModified)
    assert await stock.fetch(DeclaredKey("AB-3")) is None


async def test_a_new_version_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    stock = source(tmp_path)
    await stock.refresh()
    replace(tmp_path, "sku\nAB-9\n")

    assert await stock.refresh()
    assert not await stock.refresh()
    assert await stock.fetch(DeclaredKey("AB-1")) is None
    assert await stock.fetch(DeclaredKey("AB-9")) is not None


async def test_a_broken_version_keeps_the_old_one_and_says_so(tmp_path: Path) -> None:
    stock = source(tmp_path)
    await stock.refresh()
    replace(tmp_path, "sku\n..\n")

    assert not await stock.refresh()
    assert stock.fault == "record 1: sku must not be a step in a path"
    assert await stock.fetch(DeclaredKey("AB-1")) is not None
    replace(tmp_path, CSV)
    await stock.refresh()
    assert stock.fault is None


async def test_a_file_that_went_away_keeps_its_records(tmp_path: Path) -> None:
    stock = source(tmp_path)
    await stock.refresh()
    os.unlink(tmp_path / "a.csv")  # noqa: PTH108 - as others do it

    assert not await stock.refresh()
    assert stock.fault is not None
    assert await stock.fetch(DeclaredKey("AB-1")) is not None


async def test_without_any_version_the_source_fails(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed):
        await FileSource(tmp_path / "none.csv", RULE, SKU).fetch(DeclaredKey("AB-1"))
