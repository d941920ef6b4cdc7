"""What every PasswordHasherPort promises."""

from collections.abc import Iterator

import pytest

from plg.adapters.crypto.passwords import Argon2Hasher
from plg.application.ports.identity.passwords import PasswordHasherPort
from tests.fakes.passwords import PlainHasher

PASSWORD = "a password of some length"


@pytest.fixture(params=["argon2", "twin"])
def hasher(request: pytest.FixtureRequest) -> Iterator[PasswordHasherPort]:
    if request.param == "twin":
        yield PlainHasher()
        return
    argon2 = Argon2Hasher()
    yield argon2
    argon2.close()


async def test_the_password_that_was_hashed_is_verified(hasher: PasswordHasherPort) -> None:
    assert await hasher.verify(await hasher.hash(PASSWORD), PASSWORD)


@pytest.mark.parametrize("other", ["", "another", PASSWORD.upper(), f"{PASSWORD} ", f" {PASSWORD}"])
async def test_any_other_password_is_not(hasher: PasswordHasherPort, other: str) -> None:
    assert not await hasher.verify(await hasher.hash(PASSWORD), other)


async def test_without_a_hash_no_password_is_verified(hasher: PasswordHasherPort) -> None:
    assert not await hasher.verify(None, PASSWORD)
    assert not await hasher.verify(None, "")


async def test_passwords_of_any_letters_and_length_are_kept_whole(
    hasher: PasswordHasherPort,
) -> None:
    password = "pässwörd 密码 🔑 " * 100

    made = await hasher.hash(password)

    assert await hasher.verify(made, password)
    assert not await hasher.verify(made, password[:-1])


async def test_a_new_hash_is_not_outdated(hasher: PasswordHasherPort) -> None:
    assert not hasher.is_outdated(await hasher.hash(PASSWORD))
