"""Who may use what."""

import pytest

from plg.domain.access import SERVICE_SCOPES, Access, Caller, Scope


def test_a_caller_with_the_scope_is_admitted() -> None:
    assert Access(Scope.PLAYERS_READ).admits(Caller("ana", frozenset({Scope.PLAYERS_READ})))


@pytest.mark.parametrize("scopes", [frozenset(), frozenset({Scope.VEHICLES_READ})])
def test_a_caller_without_the_scope_is_not_admitted(scopes: frozenset[Scope]) -> None:
    assert not Access(Scope.PLAYERS_READ).admits(Caller("ana", scopes))


def test_the_service_key_reads_and_refreshes_and_nothing_else() -> None:
    assert {str(scope) for scope in SERVICE_SCOPES} == {
        "players:read",
        "vehicles:read",
        "cache:refresh",
    }
