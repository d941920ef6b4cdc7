"""`plg accounts`: make, list, deactivate and activate accounts; log them out, let them in again."""

import sys

import click
import msgspec

from plg.application.identity.change_account import AccountPatch
from plg.application.identity.create_account import Invitation
from plg.application.identity.make_reset_link import ResetLink
from plg.application.identity.new_account import parse_name
from plg.domain.audit import OPERATOR
from plg.domain.errors import WeakPassword
from plg.domain.identity.accounts import Account, Email, Role
from plg.domain.identity.passwords import LENGTH_MAX, LENGTH_MIN, check_password
from plg.entrypoints.cli.command import Found, runs, shows
from plg.entrypoints.cli.failures import WrongUse
from plg.entrypoints.cli.identity.key_owners import find_account
from plg.entrypoints.cli.output import counted, moment, print_json
from plg.entrypoints.cli.session import session
from plg.entrypoints.http.api.identity.accounts import account_view

PAGE = 100
POLICY = (
    f"A password has {LENGTH_MIN} to {LENGTH_MAX} characters and is not made of common words, "
    "sequences, keyboard patterns or the account's own name: several words that nobody puts "
    "together are good."
)
HEADS = ("id", "e-mail", "role", "state", "address", "last log-in")
_name = click.option("--name", help="The person's name.")
_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from a line of standard input."
)
_link = click.option("--link", is_flag=True, help="Print a link to set the password instead.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def accounts() -> None:
    """Make, list and deactivate accounts; let them in again."""


@accounts.command()
@click.argument("email")
@_name
@click.option("--admin", is_flag=True, help="Make it an admin account.")
@_stdin
@_link
@shows()
async def create(
    *, email: str, name: str | None, admin: bool, password_stdin: bool, link: bool
) -> Found:
    """
    Make an account; you vouch for its address.

    On a terminal the password is asked for; elsewhere a link to set it is printed, which works
    once, for 48 hours.
    """
    password = _password(email, name, from_stdin=password_stdin, by_link=link)
    return await _made(email, name, Role.ADMIN if admin else Role.USER, password)


@accounts.command("create-admin")
@click.argument("email")
@_name
@_stdin
@_link
@shows()
async def create_admin(*, email: str, name: str | None, password_stdin: bool, link: bool) -> Found:
    """
    Make an admin account.

    The same as `plg accounts create --admin`.
    """
    password = _password(email, name, from_stdin=password_stdin, by_link=link)
    return await _made(email, name, Role.ADMIN, password)


@accounts.command("list")
@click.option("--search", metavar="TEXT", help="Only accounts with this in their address or name.")
@shows()
async def list_(*, search: str | None) -> Found:
    """List accounts, the oldest first."""
    async with session() as container:
        list_accounts = container.accounts().list_accounts
        found: list[Account] = await list_accounts(limit=PAGE, search=search)
        page = found
        while len(page) == PAGE:
            page = await list_accounts(after=page[-1].id, limit=PAGE, search=search)
            found = [*found, *page]
    views = [account_view(account) for account in found]
    return Found(views, HEADS, map(_row, found), counted(len(found), "account", "accounts"))


@accounts.command()
@click.argument("who", metavar="EMAIL|ID")
@runs
async def deactivate(*, who: str) -> None:
    """
    End an account's sessions, keys and devices.

    Running processes follow within five seconds.
    """
    account = await _changed(who, AccountPatch(is_active=False))
    click.echo(
        f"Deactivated: {account.email.address}. Running processes follow within five seconds.",
        err=True,
    )


@accounts.command()
@click.argument("who", metavar="EMAIL|ID")
@runs
async def activate(*, who: str) -> None:
    """
    Let a deactivated account log in again.

    Its keys and devices work again too, its sessions do not.
    """
    account = await _changed(who, AccountPatch(is_active=True))
    click.echo(f"Activated: {account.email.address}.", err=True)


@accounts.command("end-sessions")
@click.argument("who", metavar="EMAIL|ID")
@runs
async def end_sessions(*, who: str) -> None:
    """Log an account out everywhere; its keys and devices stay."""
    async with session() as container:
        account = await find_account(container, who)
        count: int = await container.accounts().end_sessions(account.id, OPERATOR)
    ended = counted(count, "session", "sessions")
    click.echo(f"Ended: {ended}. Running processes follow within five seconds.", err=True)


@accounts.command("reset-link")
@click.argument("who", metavar="EMAIL|ID")
@_as_json
@runs
async def reset_link(*, who: str, as_json: bool) -> None:
    """
    Print a link to set a new password.

    It works once, for an hour, and makes earlier links void. Anyone who has it has the account:
    hand it over like a password. Only the link goes to standard output.
    """
    async with session() as container:
        account = await find_account(container, who)
        made: ResetLink = await container.accounts().make_reset_link(account.id, OPERATOR)
    if as_json:
        print_json({"set_password_url": made.url, "expires_at": moment(made.expires_at)})
        return
    click.echo(made.url)
    click.echo(f"It works once, until {moment(made.expires_at)}.", err=True)


def _password(email: str, name: str | None, *, from_stdin: bool, by_link: bool) -> str | None:
    """Return the password that was given; None where a link is wanted."""
    if from_stdin and by_link:
        raise WrongUse("Give either --password-stdin or --link.")
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if by_link or not sys.stdin.isatty():
        return None
    return _asked(Email.parse(email), parse_name(name))


def _asked(email: Email, name: str | None) -> str:
    """Ask for a password until one is good and was given twice."""
    click.echo(POLICY, err=True)
    while True:
        given: str = click.prompt("Password", hide_input=True, err=True)
        try:
            check_password(given, email, name)
        except WeakPassword as error:
            click.echo(str(error), err=True)
            continue
        if given == click.prompt("Repeat for confirmation", hide_input=True, err=True):
            return given
        click.echo("That was another one.", err=True)


async def _made(email: str, name: str | None, role: Role, password: str | None) -> Found:
    address = Email.parse(email)
    async with session() as container:
        create_account = container.accounts().create_account
        made: Invitation = await create_account(address, name, role, password, OPERATOR)
    account = made.account
    rows = [("id", account.id), ("email", account.email.address), ("role", account.role.value)]
    if made.url is not None:
        rows.append(("link", made.url))
    members = msgspec.to_builtins(account_view(account))
    return Found({**members, "set_password_url": made.url}, (), rows)


async def _changed(who: str, wanted: AccountPatch) -> Account:
    async with session() as container:
        account = await find_account(container, who)
        changed: Account = await container.accounts().change_account(account.id, wanted, OPERATOR)
        return changed


def _row(account: Account) -> tuple[str, ...]:
    used = account.last_login_at
    return (
        account.id,
        account.email.address,
        account.role.value,
        "active" if account.is_active else "deactivated",
        "verified" if account.is_verified else "unverified",
        "never logged in" if used is None else f"logged in {moment(used)}",
    )
