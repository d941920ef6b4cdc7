"""The secret is made once, whole or not at all, and stays."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from structlog.testing import capture_logs

from plg.adapters.crypto.kept_secret import kept_secret
from plg.domain.errors import StorageUnavailable


def test_the_first_start_makes_a_secret_that_only_its_owner_may_read(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"

    secret = kept_secret(path)

    assert len(secret) == 43
    assert path.read_text() == f"{secret}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret_key"]


def test_every_later_start_has_the_same(tmp_path: Path) -> None:
    assert kept_secret(tmp_path / "secret_key") == kept_secret(tmp_path / "secret_key")


def test_two_installations_have_different_ones(tmp_path: Path) -> None:
    assert kept_secret(tmp_path / "one") != kept_secret(tmp_path / "other")


def test_processes_that_start_at_once_all_get_the_same(tmp_path: Path) -> None:
    together = Barrier(8)

    def start() -> str:
        together.wait()
        return kept_secret(tmp_path / "secret_key")

    with ThreadPoolExecutor(8) as threads:
        secrets = {started.result() for started in [threads.submit(start) for _ in range(8)]}

    assert len(secrets) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["secret_key"]


def test_who_comes_second_takes_the_secret_of_the_first(tmp_path: Path) -> None:
    class Late(type(tmp_path)):  # type: ignore[misc]  # the path's class depends on the platform
        """Was looked for before the other process made it."""

        def exists(self, **_: object) -> bool:
            return False

    first = kept_secret(tmp_path / "secret_key")

    assert kept_secret(Late(tmp_path / "secret_key")) == first
    assert [each.name for each in tmp_path.iterdir()] == ["secret_key"]


def test_an_empty_file_is_no_secret_and_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.write_text("\n")

    with pytest.raises(StorageUnavailable, match=r"is empty: restore it from a backup"):
        kept_secret(path)

    assert path.read_text() == "\n"


def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.mkdir()

    with pytest.raises(StorageUnavailable, match="or set SECRET_KEY"):
        kept_secret(path)


def test_a_file_that_holds_no_text_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(StorageUnavailable, match="or set SECRET_KEY"):
        kept_secret(path)


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StorageUnavailable, match="or set SECRET_KEY"):
        kept_secret(tmp_path / "file" / "secret_key")


@pytest.mark.parametrize(("mode", "warnings"), [(0o600, 0), (0o640, 1), (0o604, 1)])
def test_a_file_that_others_may_read_is_warned_of(tmp_path: Path, mode: int, warnings: int) -> None:
    path = tmp_path / "secret_key"
    secret = kept_secret(path)
    path.chmod(mode)

    with capture_logs() as logs:
        assert kept_secret(path) == secret

    assert [line["log_level"] for line in logs] == ["warning"] * warnings
    assert secret not in str(logs)
