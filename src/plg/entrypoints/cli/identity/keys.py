"""`plg keys`: make, look through, end, replace and check API keys, and rotate signing keys."""

import sys
from dataclasses import replace

import click

from plg.application.identity.issue_key import IssuedKey
from plg.domain.audit import OPERATOR
from plg.domain.errors import InsufficientScope
from plg.domain.identity.accounts import Account
from plg.domain.identity.api_key_changes import NOT_GIVEN, KeyChange
from plg.domain.identity.api_key_fields import (
    GRACE_SECONDS,
    name_of,
    networks_of,
    rate_of,
    reason_of,
)
from plg.domain.identity.api_keys import ApiKey
from plg.domain.identity.signing_keys import SigningKey
from plg.domain.limits.rates import NO_RATES
from plg.entrypoints.cli.command import Found, runs, shows
from plg.entrypoints.cli.failures import Failed
from plg.entrypoints.cli.identity.expiries import EXPIRES, Expires
from plg.entrypoints.cli.identity.key_check import verify
from plg.entrypoints.cli.identity.key_owners import (
    account_of_key,
    all_accounts,
    find_account,
    operator_for,
)
from plg.entrypoints.cli.output import counted, moment, print_json
from plg.entrypoints.cli.session import new_container, opened, read_settings, session
from plg.entrypoints.http.api.identity.api_key_views import key_view, new_key_view

HEADS = ("id", "begins with", "e-mail", "name", "state", "scopes", "expires", "last use")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(commands=[verify])
def keys() -> None:
    """Make, list, revoke, rotate and check API keys."""


@keys.command()
@click.option(
    "--account", "who", required=True, metavar="EMAIL|ID", help="The account that the key is for."
)
@click.option("--name", required=True, help="What the key is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help="A scope of the key; may be given again.  [default: to read every kind of record]",
)
@click.option("--expires", type=EXPIRES, help="When the key expires.  [default: 365 days]")
@click.option(
    "--network",
    "networks",
    multiple=True,
    metavar="CIDR",
    help="A network it may be used from; may be given again.  [default: anywhere]",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    type=(click.Choice(["burst", "sustained"]), str),
    metavar="TIER RATE",
    help="A rate of its own, such as `burst 60/minute` or `sustained 5000/hour`.",
)
@_as_json
@runs
async def issue(
    *,
    who: str,
    name: str,
    scopes: tuple[str, ...],
    expires: Expires | None,
    networks: tuple[str, ...],
    limits: tuple[tuple[str, str], ...],
    as_json: bool,
) -> None:
    """
    Make a key and print it, this once.

    Only the key goes to standard output; the rest goes to standard error.
    """
    container = new_container(read_settings())
    rates = {tier: rate_of(f"--limit {tier}", rate) for tier, rate in limits}
    change = KeyChange(
        name_of(name),
        frozenset(scopes) or NOT_GIVEN,
        NOT_GIVEN if expires is None else expires.after(container.clock().now()),
        networks_of(networks),
        rates.get("burst", NOT_GIVEN),
        rates.get("sustained", NOT_GIVEN),
    )
    async with opened(container):
        account = await find_account(container, who)
        caller = operator_for(account, container.access.scopes())
        # What the operator gives is not held to what the operator lets others give.
        issue_any = replace(container.keys().issue, ceiling=NO_RATES)
        try:
            issued: IssuedKey = await issue_any(change, caller, OPERATOR)
        except InsufficientScope as error:
            raise Failed(
                f"A key of {account.email.address} cannot have the scope {error.scope}: the "
                f"account's role is {account.role}. Name an admin's account, or leave it out."
            ) from error
    _show_new(issued, as_json=as_json)


@keys.command("list")
@click.option("--account", "who", metavar="EMAIL|ID", help="Only the keys of this account.")
@shows()
async def list_(*, who: str | None) -> Found:
    """List keys, revoked ones too."""
    found: list[tuple[Account, ApiKey]] = []
    async with session() as container:
        if who is None:
            accounts = await all_accounts(container)
        else:
            accounts = [await find_account(container, who)]
        for account in accounts:
            caller = operator_for(account, container.access.scopes())
            mine = await container.keys().list(caller, after=None, limit=sys.maxsize)
            found += [(account, key) for key in mine]
    now: float = container.clock().now()
    views = [{**_members(key), "account_id": key.account_id} for _, key in found]
    rows = [_row(account, key, now) for account, key in found]
    return Found(views, HEADS, rows, counted(len(found), "key", "keys"))


@keys.command()
@click.argument("key_id", metavar="ID")
@click.option("--reason", help="The reason, shown with the key and in the audit log.")
@runs
async def revoke(*, key_id: str, reason: str | None) -> None:
    """
    Revoke a key for good.

    Running processes follow within five seconds.
    """
    why = "revoked by the operator" if reason is None else reason_of(reason)
    async with session() as container:
        caller = operator_for(await account_of_key(container, key_id), container.access.scopes())
        await container.keys().revoke(key_id, why, caller, OPERATOR)
    click.echo(f"Revoked: {key_id}. Running processes follow within five seconds.", err=True)


@keys.command()
@click.argument("key_id", metavar="ID")
@click.option(
    "--grace",
    type=int,
    default=GRACE_SECONDS,
    metavar="SECONDS",
    show_default=True,
    help="Seconds that the old secret stays valid, up to 30 days; 0 in an emergency.",
)
@_as_json
@runs
async def rotate(*, key_id: str, grace: int, as_json: bool) -> None:
    """Give a key a new secret and print it, this once."""
    async with session() as container:
        caller = operator_for(await account_of_key(container, key_id), container.access.scopes())
        issued: IssuedKey = await container.keys().regenerate(
            key_id, caller, OPERATOR, grace_seconds=grace
        )
    _show_new(issued, as_json=as_json)


@keys.command("rotate-signing")
@click.option(
    "--forget",
    is_flag=True,
    help="Drop the earlier keys, if stolen: access tokens they signed are void.",
)
@shows()
async def rotate_signing(*, forget: bool) -> Found:
    """
    Sign access tokens with the next key from now on.

    Tokens that are already signed stay valid.
    """
    # Those that are there may be what the operator wants to be rid of: sealed, the secret lost.
    async with session(needs_signing_keys=False) as container:
        rotate_keys = container.access.rotate_signing_keys()
        signing: list[SigningKey] = await rotate_keys(OPERATOR, forget=forget)
    rows = [(key.id, _signing_state(key)) for key in signing]
    return Found([{"id": name, "state": state} for name, state in rows], ("id", "state"), rows)


def _show_new(issued: IssuedKey, *, as_json: bool) -> None:
    if as_json:
        print_json(new_key_view(issued))
        return
    key = issued.key
    until = "it does not expire" if key.expires_at is None else f"until {moment(key.expires_at)}"
    click.echo(
        f"Key {key.id} ({key.name}), for {' '.join(sorted(key.scopes))}, {until}. "
        "Keep it now: it is not shown again.",
        err=True,
    )
    click.echo(issued.secret.reveal())


def _members(key: ApiKey) -> dict[str, object]:
    view = key_view(key)
    return {name: getattr(view, name) for name in view.__struct_fields__}


def _row(account: Account, key: ApiKey, now: float) -> tuple[str, ...]:
    ends, used = key.expires_at, key.last_used_at
    return (
        key.id,
        key.prefix,
        account.email.address,
        key.name,
        _state(key, now),
        " ".join(sorted(key.scopes)),
        "does not expire" if ends is None else f"until {moment(ends)}",
        "never used" if used is None else f"used {moment(used)}",
    )


def _state(key: ApiKey, now: float) -> str:
    if key.is_revoked:
        return f"revoked ({key.revoked_reason})"
    if key.expires_at is not None and now >= key.expires_at:
        return "expired"
    return "enabled" if key.is_enabled else "disabled"


def _signing_state(key: SigningKey) -> str:
    if key.retired_at is not None:
        return "retired"
    return "next" if key.active_at is None else "active"
