"""Whoever asks: with the fast lane and without it they are told the same, at every moment."""

import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from plg.application.identity.change_account import AccountPatch
from plg.domain.audit import OPERATOR
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.limits.rates import Rate
from tests.fakes.clock import NOON
from tests.fakes.vehicles import TOM
from tests.integration.http.devices_world import signature_of
from tests.integration.http.differential.acts import after, change, owner, revoke
from tests.integration.http.differential.conversations import Segment
from tests.integration.http.differential.shapes import VEHICLE, VEHICLES
from tests.integration.http.differential.twins import Act, Twins, open_twins
from tests.integration.http.fleets_world import imported, opened, unbound
from tests.integration.http.gateway import Gateway
from tests.integration.http.vault import WIDE, Vault
from tests.integration.http.wire import Heard, request

LANE_ROUTES = ("/api/v1/players/KB-000001", "/api/?killer_bi_id=KB-000001")


@dataclass(frozen=True, slots=True)
class Stage:
    """The twins, and what they have in common."""

    twins: Twins
    vault: Vault

    def ask(self, name: str, *fields: str, target: str = LANE_ROUTES[0]) -> Segment:
        """Return a request with this credential of the vault."""
        return Segment(request(target, *fields, key=self.vault[name]), pauses=True)

    async def compare(
        self, *steps: Segment | Act, peer: str = "127.0.0.1"
    ) -> tuple[list[Heard], int]:
        """Let both answer alike; return the answers, and how many came through the lane."""
        laned, plain, by_lane = await self.twins.converse(steps, peer)
        assert laned == plain
        return plain.answers, by_lane

    async def statuses(
        self, *steps: Segment | Act, peer: str = "127.0.0.1"
    ) -> tuple[list[int], int]:
        answers, by_lane = await self.compare(*steps, peer=peer)
        return [answer.status for answer in answers], by_lane


class OpenStage(Protocol):
    """Opens the twins under these settings; they close at the end of the test."""

    async def __call__(self, **env: str) -> Stage: ...


@pytest.fixture
def open_stage(furnished: tuple[Path, Vault], tmp_path: Path, stack: AsyncExitStack) -> OpenStage:
    source, vault = furnished

    async def open_one(**env: str) -> Stage:
        folders = (tmp_path / "laned", tmp_path / "plain")
        for folder in folders:
            shutil.copytree(source, folder)
        twins = await stack.enter_async_context(open_twins(folders, **{**WIDE, **env}))
        return Stage(twins, vault)

    return open_one


@pytest.fixture
async def stage(open_stage: OpenStage) -> Stage:
    return await open_stage()


@pytest.mark.parametrize("target", LANE_ROUTES)
@pytest.mark.parametrize(
    ("name", "env", "wait"),
    [
        ("live key", {"RATE_LIMIT_BURST": "3/minute"}, 20),
        ("user token", {"RATE_LIMIT_BURST": "3/second"}, 0.4),
        ("device token", {"RATE_LIMIT_SUSTAINED": "3/hour"}, 1200),
        ("old secret", {"RATE_LIMIT_BURST": "3/minute", "RATE_LIMIT_SUSTAINED": "3/hour"}, 1200),
    ],
)
async def test_each_rate_is_spent_alike(
    open_stage: OpenStage, target: str, name: str, env: dict[str, str], wait: float
) -> None:
    stage = await open_stage(**env)
    ask = stage.ask(name, target=target)

    heard, by_lane = await stage.statuses(ask, ask, ask, ask, ask, after(wait), ask, ask)

    assert heard == [200, 200, 200, 429, 429, 200, 429]
    assert by_lane >= 2  # the first one makes itself known


async def test_rates_of_its_own_are_spent_alike(stage: Stage) -> None:
    ask = stage.ask("slow key")

    heard, by_lane = await stage.statuses(*[ask] * 8, after(10), ask, ask)

    assert (heard, by_lane) == ([200] * 6 + [429] * 2 + [200, 429], 5 + 1)


async def test_rates_that_change_hold_from_the_next_request_on(stage: Stage) -> None:
    ask = stage.ask("live key")
    slower = partial(change, stage.vault, "live key", KeyChange(burst=Rate(2, 60)))

    heard, _ = await stage.statuses(ask, ask, slower, ask, ask, ask, after(30), ask)

    assert heard == [200, 200, 429, 429, 429, 200]  # what was spent before counts


async def test_both_secrets_of_a_key_spend_the_same_rate(open_stage: OpenStage) -> None:
    stage = await open_stage(RATE_LIMIT_BURST="3/minute")
    old, new = stage.ask("old secret"), stage.ask("new secret")

    heard, _ = await stage.statuses(old, new, old, new, old)

    assert heard == [200, 200, 200, 429, 429]


async def test_who_fails_spends_the_addresss_rate_alike(open_stage: OpenStage) -> None:
    stage = await open_stage(RATE_LIMIT_BURST="3/minute")
    bad, elsewhere = stage.ask("revoked key"), stage.ask("key from elsewhere")

    heard, _ = await stage.statuses(bad, elsewhere, bad, bad, elsewhere, stage.ask("live key"))

    assert heard == [401, 403, 401, 429, 429, 200]


async def test_a_key_that_is_revoked_meanwhile_is_refused_on_the_same_connection(
    stage: Stage,
) -> None:
    ask = stage.ask("live key")

    heard, by_lane = await stage.statuses(
        ask, ask, ask, partial(revoke, stage.vault, "live key"), ask, ask
    )

    assert (heard, by_lane) == ([200, 200, 200, 401, 401], 2)


async def test_other_keys_of_the_account_go_on(stage: Stage) -> None:
    other = stage.ask("reader key")

    heard, _ = await stage.statuses(
        other, other, partial(revoke, stage.vault, "live key"), other, other
    )

    assert heard == [200] * 4


@pytest.mark.parametrize("name", ["live key", "user token", "device token", "new secret"])
async def test_an_account_that_is_deactivated_meanwhile_is_refused(stage: Stage, name: str) -> None:
    ask = stage.ask(name)

    async def deactivate(gateway: Gateway) -> None:
        change_account = gateway.container.accounts().change_account
        await change_account(stage.vault.ids["user"], AccountPatch(is_active=False), OPERATOR)

    heard, by_lane = await stage.statuses(ask, ask, deactivate, ask, stage.ask("admin token"))

    assert (heard, by_lane) == ([200, 200, 401, 200], 1)


async def test_a_token_whose_session_ends_meanwhile_is_refused(stage: Stage) -> None:
    ask, vault = stage.ask("user token"), stage.vault

    async def log_out(gateway: Gateway) -> None:
        end = gateway.container.access.end_session()
        await end(owner(vault), vault["user refresh token"], OPERATOR)

    heard, _ = await stage.statuses(ask, ask, log_out, ask, stage.ask("live key"))

    assert heard == [200, 200, 401, 200]


async def test_a_device_that_is_revoked_meanwhile_is_refused(stage: Stage) -> None:
    ask, vault = stage.ask("device token"), stage.vault

    async def end(gateway: Gateway) -> None:
        use = gateway.container.devices().revoke
        await use(vault.ids["user"], vault.living_device.device.id, OPERATOR)

    heard, _ = await stage.statuses(ask, ask, end, ask)

    assert heard == [200, 200, 401]


async def test_a_key_expires_at_its_instant(stage: Stage) -> None:
    ask = stage.ask("live key")
    mortal = partial(change, stage.vault, "live key", KeyChange(expires_at=NOON + 30))

    heard, by_lane = await stage.statuses(mortal, ask, after(29.5), ask, ask, after(0.5), ask)

    assert (heard, by_lane) == ([200, 200, 200, 401], 1)


async def test_a_token_expires_at_its_instant(stage: Stage) -> None:
    ask = stage.ask("user token")
    day = 86400.0

    heard, _ = await stage.statuses(ask, ask, after(day - 0.5), ask, ask, after(0.5), ask)

    assert heard == [200, 200, 200, 200, 401]


async def test_a_replaced_secret_ends_with_its_grace(stage: Stage) -> None:
    old, new = stage.ask("old secret"), stage.ask("new secret")

    heard, _ = await stage.statuses(old, old, new, after(86399), old, after(1), old, new)

    assert heard == [200, 200, 200, 200, 401, 200]


async def test_a_network_is_asked_about_with_every_request(stage: Stage) -> None:
    ask = stage.ask("key from here")

    assert await stage.statuses(ask, ask, ask) == ([200] * 3, 2)
    assert await stage.statuses(ask, ask, ask, peer="127.0.0.2") == ([403] * 3, 0)
    assert await stage.statuses(ask, peer="127.0.0.1") == ([200], 1)


async def test_what_a_trusted_proxy_tells_is_where_it_comes_from(open_stage: OpenStage) -> None:
    stage = await open_stage(TRUSTED_PROXIES="127.0.0.2/32")
    inside, outside = "X-Forwarded-For: 192.0.2.7", "X-Forwarded-For: 198.51.100.7, 127.0.0.2"
    steps = [
        stage.ask("key from elsewhere", *fields)
        for fields in (
            (),
            (inside,),
            (inside,),
            (outside,),
            (inside,),
            (),
            (f"{inside}, 10.0.0.1",),
            (f"{inside}:4711",),
            ("X-Forwarded-For: [::ffff:192.0.2.7]:4711, 127.0.0.2:80",),
            (f"{outside}:80",),
        )
    ]

    by_proxy = await stage.statuses(*steps, peer="127.0.0.2")
    by_client = await stage.statuses(*steps, peer="127.0.0.1")

    assert by_proxy == ([403, 200, 200, 403, 200, 403, 403, 200, 200, 403], 4)
    assert by_client == ([403] * 10, 0)


@pytest.mark.parametrize("name", ["live key", "user token"])
@pytest.mark.parametrize("form", ["X-API-Key: {}", "Authorization: Bearer {}"])
@pytest.mark.parametrize("at", [0, 3, 9, 20, -2, -1])
async def test_a_repeated_head_with_one_byte_of_the_credential_changed_is_somebody_else(
    stage: Stage, name: str, form: str, at: int
) -> None:
    good = stage.vault[name]
    place = at % len(good)
    # A letter's last bits may be padding in base64, so the change is one that always counts.
    other = good[:place] + ("_" if good[place] != "_" else ".") + good[place + 1 :]
    ask, changed = (
        Segment(request(LANE_ROUTES[0], form.format(each), key=None), pauses=True)
        for each in (good, other)
    )

    heard, by_lane = await stage.statuses(ask, ask, ask, changed, ask, changed, ask)

    assert (heard, by_lane) == ([200, 200, 200, 401, 200, 401, 200], 4)
    together = replace(ask, data=ask.data * 3 + changed.data + ask.data + changed.data * 2)
    assert (await stage.statuses(together))[0] == [200, 200, 200, 401, 200, 401, 401]


@pytest.mark.parametrize("part", ["static", "dynamic"])
async def test_who_is_bound_to_fleets_gets_their_vehicles_alike(stage: Stage, part: str) -> None:
    inside, outside = (
        stage.ask("bound key", target=f"/api/v1/vehicle/{part}/{vin}") for vin in VEHICLES[:3:2]
    )

    heard, by_lane = await stage.statuses(inside, inside, outside, outside, inside)

    assert (heard, by_lane) == ([200, 200, 403, 403, 200], 2)


@pytest.mark.parametrize("part", ["static", "dynamic"])
async def test_a_fleet_that_is_taken_away_or_opened_meanwhile_holds_alike(
    stage: Stage, part: str
) -> None:
    ask = stage.ask("bound key", target=f"/api/v1/vehicle/{part}/{VEHICLE}")

    async def replace_all(gateway: Gateway) -> None:
        await imported(gateway, [TOM], replaces=True)

    async def unbind(gateway: Gateway) -> None:
        await unbound(gateway, stage.vault.ids["driver"])

    async def open_all(gateway: Gateway) -> None:
        await opened(gateway, stage.vault.ids["driver"])

    steps = (ask, ask, replace_all, ask, unbind, ask, open_all, ask, ask)
    heard, by_lane = await stage.statuses(*steps)

    assert (heard, by_lane) == ([200, 200, 403, 403, 200, 200], 2)


async def test_a_signed_request_counts_once_on_either_way(stage: Stage) -> None:
    made = stage.vault.living_device
    signed = signature_of(stage.twins.plain.gateway, made, target=LANE_ROUTES[0])
    fields = [f"{name}: {value}" for name, value in signed.items()]
    ask = Segment(request(LANE_ROUTES[0], *fields, key=None), pauses=True)

    heard, by_lane = await stage.statuses(stage.ask("device token"), ask, ask)

    assert (heard, by_lane) == ([200, 200, 401], 0)
