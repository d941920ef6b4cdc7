"""
The server keeps what the OpenAPI document promises, whoever asks.

Requests by the document and requests against it, for a credential of each kind.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from plg.domain.identity.access import Scope
from plg.domain.identity.accounts import USER_SCOPES
from tests.integration.http.gateway import KEY
from tests.integration.http.served import Served, serving
from tests.integration.http.vault import Vault, session
from tests.length import times

MANY, FEW = times(short=2, long=8), times(short=1, long=2)
"""Examples of each operation: for who may do everything, and for everybody else."""
STEP = times(short=3, long=1)
"""Each kind of credential asks one in so many operations, the next kind the next ones."""

BEYOND_A_SCHEMA: Final = {
    "allowed_networks",
    "currency",  # that is in use
    "current_password",
    "resources",  # that there are
    "cursor",
    "email",  # one of email and username, which is an address
    "expires_at",  # in the future
    "from",  # not later than `to`
    "limits.burst",
    "limits.sustained",
    "name",  # visible, as are platform and reason
    "plan",  # that there is
    "plan_version",
    "platform",
    "price",  # of a new plan, or in another currency
    "rate",
    "reason",
    "refresh_token",
    "scopes",  # that there are
    "requests_per_day",  # as grace_seconds
    "source_calls",
    "terms",  # at least one of them
    "until",  # in the future
    "vins_per_day",  # as grace_seconds
}
"""Parameters whose values a schema cannot describe: of these a 400 may say that they are wrong."""

BEYOND_A_SCHEMA_CODES: Final = {"invalid_link", "weak_password"}
MEMBERS_TOGETHER: Final = {
    "email and username name different accounts.",
    "Nothing says which session to end: send an access token, or a refresh_token.",
    "plan is needed with plan_version.",
    "price is needed for a new plan.",
    "An override must say at least one of the terms.",
    "records_per_day and vins_per_day are the same: give one of them.",
}
"""Refusals of members, each of which would do, for what they are together."""

Fields = Mapping[str, str]


@pytest.fixture(scope="module")
def served(
    furnished: tuple[Path, Vault], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with serving(furnished, tmp_path_factory.mktemp("openapi") / "data") as served:
        yield served


@pytest.fixture(scope="module")
def document(served: Served) -> dict[str, Any]:
    answer = httpx.get(f"{served.base_url}/openapi.json").raise_for_status()
    document: dict[str, Any] = answer.json()
    return document


def _token(served: Served, account: str) -> Fields:
    """Return a token of a new session: an operation before may have ended another."""
    scopes = frozenset(Scope) if account == "admin" else USER_SCOPES
    opened = served.run(session(served.gateway, served.vault.ids[account], scopes))
    return {"Authorization": f"Bearer {opened.access_token}"}


def _device_token(served: Served) -> Fields:
    made = served.vault.living_device
    account = served.vault.ids["user"]
    opened = served.run(session(served.gateway, account, made.device.scopes, made))
    return {"Authorization": f"Bearer {opened.access_token}"}


KINDS: Final[Mapping[str, tuple[str | None, Callable[[Served], Fields], int]]] = {
    "service key": ("apiKey", lambda _: {"X-API-Key": KEY}, FEW),
    "account key": ("apiKey", lambda served: {"X-API-Key": served.vault["admin key"]}, MANY),
    "access token": ("bearer", lambda served: _token(served, "admin"), MANY),
    "device token": ("bearer", _device_token, FEW),
    "nothing": (None, lambda _: {}, FEW),
}


# Not `schemathesis.pytest`: its lazy loader reads what pytest 9.2 does not have any more.
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("kind", KINDS)
def test_the_server_keeps_what_the_document_promises(
    served: Served, document: dict[str, Any], kind: str, mode: GenerationMode
) -> None:
    scheme, credential, examples = KINDS[kind]
    if mode is GenerationMode.NEGATIVE:
        scheme = None  # what is wrong must not be the credential, which is sent in any case
    api = schemathesis.openapi.from_dict(_with_one_scheme(document, scheme))
    api.config.update(base_url=served.base_url)
    checked = 0
    for number, result in enumerate(api.get_all_operations()):
        assert isinstance(result, Ok)
        if (number + list(KINDS).index(kind)) % STEP:
            continue
        operation = result.ok()
        described = document["paths"][operation.path][operation.method]
        takes_anything = not described["parameters"] and "requestBody" not in described
        if mode is GenerationMode.NEGATIVE and takes_anything:
            continue  # nothing can be wrong with such a request
        _believe(operation, mode, credential(served), examples)
        checked += 1
    assert checked > 20 // STEP


def _believe(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    headers: Fields,
    examples: int,
) -> None:
    @settings(
        max_examples=examples,
        phases=(Phase.explicit, Phase.generate),  # what fails is shown as it was found
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def believe(case: Case[Any]) -> None:
        answer = case.call(headers=dict(headers))
        excluded: list[Any] = [positive_data_acceptance]  # see `_check_refusal`
        if answer.status_code == 414:
            excluded.append(negative_data_rejection)  # which does not know this refusal
        case.validate_response(answer, excluded_checks=excluded)
        if mode is GenerationMode.POSITIVE and answer.status_code == 400:
            _check_refusal(operation.path, answer.json())

    believe()


def _check_refusal(path: str, problem: dict[str, Any]) -> None:
    """
    Check that what the document allows was refused for what no document can tell.

    As an integer a schema takes 60.0 too.
    """
    is_told = problem["detail"] in MEMBERS_TOGETHER or problem["detail"].endswith("got float.")
    is_beyond = (
        problem["code"] in BEYOND_A_SCHEMA_CODES or problem.get("parameter") in BEYOND_A_SCHEMA
    )
    assert is_told or is_beyond, (path, problem)


def _with_one_scheme(document: dict[str, Any], scheme: str | None) -> dict[str, Any]:
    """
    Return the document as who has one kind of credential reads it.

    Two kinds in one request contradict each other, which is a 400.
    """
    changed = deepcopy(document)
    schemes = changed["components"]["securitySchemes"]
    changed["components"]["securitySchemes"] = {
        name: value for name, value in schemes.items() if name == scheme
    }
    for item in changed["paths"].values():
        for operation in item.values():
            demands = operation.pop("security", None)
            if demands and scheme is not None:
                operation["security"] = [{scheme: []}]
    return changed
