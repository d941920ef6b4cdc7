"""What it costs to know who asks, of accounts with one credential and with many; all are billed."""

from contextlib import ExitStack
from pathlib import Path

from bench.findings import Finding, rate_ratio, series_figures
from bench.gateway import filled, gateway
from bench.identities import UNLIMITED, access_token, add_keys, register
from bench.lab import Lab
from bench.load.job import Job
from bench.peers.servers import ONE_PLAYER
from bench.processes import Server
from bench.records import KEY_HEADER
from bench.rounds import Contender, always, interleaved

CONNECTIONS = 64
AIM = 0.9
_ROWS = 1000
_IN_TURN = 10_000


def hit_credentials(lab: Lab) -> Finding:
    """Measure one key and one token, of an account with one key and of one with 100,000."""
    many = lab.plan.scaled(100_000)
    with ExitStack() as stack:
        few_server = stack.enter_context(gateway(lab, _folder(lab, "one"), UNLIMITED, name="plg"))
        many_server = stack.enter_context(
            gateway(lab, _folder(lab, "many"), UNLIMITED, name="plg-many")
        )
        few = _known(lab, few_server, "one", 1)
        several = _known(lab, many_server, "many", many)
        contenders = [
            _contender("account key", few_server, {"X-API-Key": few[0]}),
            _contender("access token", few_server, _bearer(few_server)),
            _contender(f"account key, {many:,} keys", many_server, {"X-API-Key": several[0]}),
            _contender(f"access token, {many:,} keys", many_server, _bearer(many_server)),
        ]
        series = interleaved(lab, contenders)
    one, *others = series.values()
    return Finding(
        "hit with an account's credential (two limits each, billed)",
        [rate_ratio(each, one, AIM, f"{each.name} to one account key") for each in others],
        series_figures([one, *others]),
    )


def hit_many_keys(lab: Lab) -> Finding:
    """Measure 10,000 keys of 100,000 in turn, each request another, against one of them."""
    many = lab.plan.scaled(100_000)
    with gateway(lab, _folder(lab, "turns"), UNLIMITED, name="plg") as server:
        keys = _known(lab, server, "turns", many)[: lab.plan.scaled(_IN_TURN)]
        for key in keys:
            server.wait_for(ONE_PLAYER, {"X-API-Key": key})
        in_turn = lab.workspace / "keys"
        in_turn.write_text("\n".join(keys))
        one = Job(CONNECTIONS, headers={"X-API-Key": keys[0]}, has_request_ids=True)
        turns = Job(CONNECTIONS, headers={}, has_request_ids=True, keys=in_turn)
        series = interleaved(
            lab,
            [
                Contender(server, always(one), "one key"),
                Contender(server, always(turns), "keys in turn"),
            ],
        )
    ours, theirs = series["keys in turn"], series["one key"]
    return Finding(
        f"hit with {len(keys):,} of {many:,} keys in turn, every head another",
        [rate_ratio(ours, theirs, AIM, "keys in turn to one key")],
        series_figures(list(series.values())),
    )


def _folder(lab: Lab, name: str) -> Path:
    """Return a data folder of its own, filled like the others."""
    template, folder = filled(lab, _ROWS), lab.workspace / f"data-{name}"
    if not folder.exists():
        folder.mkdir()
        (folder / "cache.sqlite3").write_bytes((template / "cache.sqlite3").read_bytes())
    return folder


def _known(lab: Lab, server: Server, name: str, count: int) -> list[str]:
    account_id = register(server.port)
    keys = add_keys(lab.workspace / f"data-{name}", account_id, count)
    server.wait_for(ONE_PLAYER, {"X-API-Key": keys[0]})
    server.wait_for(ONE_PLAYER, KEY_HEADER)
    return keys


def _bearer(server: Server) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token(server.port)}"}


def _contender(name: str, server: Server, headers: dict[str, str]) -> Contender:
    return Contender(server, always(Job(CONNECTIONS, headers=headers)), name)
