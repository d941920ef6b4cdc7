"""
Addresses of accounts get the keys by which they are the same account.

Before, the case of letters and Unicode's compatibility forms did not count, so `ß` was `ss`, and
the two ways to write a domain were two accounts. Where accounts would meet now, one has the common
key, and the others are found by their address as it is spelled; `plg doctor` lists these.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from alembic import op

from plg.domain.identity.addresses import distinct_keys

revision = "durable_0010"
down_revision = "durable_0009"
branch_labels = None
depends_on = None

ACCOUNTS = sa.table("accounts", sa.column("id"), sa.column("email"), sa.column("email_key"))
LINKS = sa.table("mailed_links", sa.column("account_id"), sa.column("email_key"))


def upgrade() -> None:
    _rewrite(lambda addresses, _: distinct_keys(addresses.items()))


def downgrade() -> None:
    _rewrite(_former_keys)


def _former_keys(addresses: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of before; those that would meet under them stay as they are."""
    former = {
        account_id: unicodedata.normalize("NFKC", address).casefold()
        for account_id, address in addresses.items()
    }
    accounts = Counter(former.values())
    return {
        account_id: key if accounts[key] == 1 else keys[account_id]
        for account_id, key in former.items()
    }


def _rewrite(
    renew: Callable[[Mapping[str, str], Mapping[str, str]], Mapping[str, str]],
) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.select(*ACCOUNTS.c).order_by(ACCOUNTS.c.id)).all()
    keys = {row.id: row.email_key for row in rows}
    renewed = renew({row.id: row.email for row in rows}, keys)
    changed = {each: key for each, key in renewed.items() if key != keys[each]}
    # By way of the ids, which are no addresses: one may get a key that another still has.
    for values in ({each: each for each in changed}, changed):
        for account_id, key in values.items():
            here = ACCOUNTS.c.id == account_id
            connection.execute(sa.update(ACCOUNTS).where(here).values(email_key=key))
    for account_id, key in changed.items():
        held = LINKS.c.account_id == account_id, LINKS.c.email_key == keys[account_id]
        connection.execute(sa.update(LINKS).where(*held).values(email_key=key))
