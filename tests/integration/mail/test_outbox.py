"""Mail as files."""

import stat
from pathlib import Path

import pytest

from plg.adapters.mail.carrier import NotCarried
from plg.adapters.mail.messages import compose
from plg.adapters.mail.outbox import OutboxCarrier
from plg.application.ports.notices.mail import Mail
from tests.fakes.clock import NOON

LINK = "https://plg.example/api/v1/auth/email/verify?token=" + "x" * 60
MESSAGE = compose(Mail("ana@example.org", "Hello", f"{LINK}\n"), "plg@gateway.example", NOON)


async def test_only_the_gateways_user_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "outbox"
    await OutboxCarrier(folder).carry(MESSAGE, NOON)
    (path,) = folder.iterdir()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_folder_that_is_too_open_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    await OutboxCarrier(tmp_path).carry(MESSAGE, NOON)

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


async def test_files_are_named_by_their_time(tmp_path: Path) -> None:
    for later in (0, 1, 2):
        await OutboxCarrier(tmp_path).carry(MESSAGE, NOON + later)
    names = sorted(path.name for path in tmp_path.iterdir())

    assert [name.split("-")[0] for name in names] == [
        "20231114T221320Z",
        "20231114T221321Z",
        "20231114T221322Z",
    ]
    assert {Path(name).suffix for name in names} == {".eml"}


async def test_a_person_can_copy_the_link_out_of_it(tmp_path: Path) -> None:
    await OutboxCarrier(tmp_path).carry(MESSAGE, NOON)
    (path,) = tmp_path.iterdir()

    assert LINK in path.read_text().splitlines()


async def test_what_cannot_be_finished_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NotCarried, match="No space left"):
        await OutboxCarrier(tmp_path).carry(MESSAGE, NOON)
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(NotCarried):
        await OutboxCarrier(tmp_path / "file" / "outbox").carry(MESSAGE, NOON)
