"""From a credential to a caller."""

import pytest

from plg.application.access.identify import SERVICE, IdentifyCaller
from plg.domain.errors import InvalidCredential

PEPPER = b"pepper"
KEY = "the-operator's-own"


async def test_the_service_key_is_the_service() -> None:
    assert await IdentifyCaller(PEPPER, KEY)(KEY.encode()) is SERVICE


@pytest.mark.parametrize("credential", [b"", b"wrong", KEY.encode() + b" ", KEY.upper().encode()])
async def test_anything_else_proves_nothing(credential: bytes) -> None:
    with pytest.raises(InvalidCredential):
        await IdentifyCaller(PEPPER, KEY)(credential)


@pytest.mark.parametrize("credential", [b"", b"None", KEY.encode()])
async def test_without_a_service_key_nothing_is_the_service(credential: bytes) -> None:
    with pytest.raises(InvalidCredential):
        await IdentifyCaller(PEPPER, None)(credential)


def test_the_service_key_is_recognised_at_once() -> None:
    assert IdentifyCaller(PEPPER, KEY).recall(KEY.encode()) is SERVICE


def test_what_proves_nothing_is_not_recognised() -> None:
    assert IdentifyCaller(PEPPER, KEY).recall(b"wrong") is None


def test_the_key_itself_is_not_kept() -> None:
    kept = vars(IdentifyCaller(PEPPER, KEY)).values()

    assert not any(KEY.encode() in value or value == KEY for value in kept)
