"""Who may use what."""

import pytest

from plg.domain.identity.access import (
    DATA_SCOPES,
    SERVICE_SCOPES,
    Access,
    Caller,
    Scope,
    ScopeCatalogue,
    with_included,
)
from plg.domain.identity.accounts import Role


def test_a_caller_with_the_scope_is_admitted() -> None:
    assert Access(Scope.PLAYERS_READ).admits(Caller("ana", frozenset({Scope.PLAYERS_READ})))


@pytest.mark.parametrize("scopes", [frozenset(), frozenset({Scope.VEHICLES_READ})])
def test_a_caller_without_the_scope_is_not_admitted(scopes: frozenset[Scope]) -> None:
    assert not Access(Scope.PLAYERS_READ).admits(Caller("ana", scopes))


@pytest.mark.parametrize("scope", [each for each in Scope if each.endswith(":read")])
def test_a_write_includes_its_read(scope: Scope) -> None:
    writing = scope.replace(":read", ":write")
    if writing not in set(Scope):
        return
    writer = Caller("ana", frozenset({Scope(writing)}))

    assert Access(scope).admits(writer)
    assert with_included(writer.scopes) == {scope, Scope(writing)}


def test_a_read_includes_no_write() -> None:
    reader = Caller("ana", frozenset({Scope.KEYS_READ}))

    assert not Access(Scope.KEYS_WRITE).admits(reader)
    assert with_included(reader.scopes) == reader.scopes


def test_the_service_key_reads_and_refreshes_and_nothing_else() -> None:
    assert {str(scope) for scope in SERVICE_SCOPES} == {
        "players:read",
        "vehicles:read",
        "cache:refresh",
    }


def test_each_declared_resource_adds_a_scope_to_the_data_and_to_the_service_key() -> None:
    catalogue = ScopeCatalogue(frozenset({"products:read"}))

    assert catalogue.data == DATA_SCOPES | {"products:read"}
    assert catalogue.service == SERVICE_SCOPES | {"products:read"}
    assert catalogue.known == frozenset(Scope) | {"products:read"}


@pytest.mark.parametrize("role", Role)
def test_any_account_may_read_any_resource_also_one_of_before(role: Role) -> None:
    held = frozenset({Scope.ADMIN, Scope.KEYS_READ, "products:read"})

    assert role.allowed(held) == held & (role.scopes | {"products:read"})
