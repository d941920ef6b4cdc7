"""The client on the page for consumers works as it stands there, also where it is refused."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

from plg.container import Container
from plg.domain.audit import OPERATOR
from plg.domain.identity.access import Caller
from plg.domain.identity.accounts import Email, Role
from plg.domain.identity.api_key_changes import KeyChange
from plg.domain.limits.rates import Rate
from tests.docs.pages import page
from tests.docs.world import serving

SHOWN = "http://localhost:9600"


async def test_the_client_waits_where_it_is_told_to(tmp_path: Path) -> None:
    (example,) = page("consumers.md").fences("python")
    async with serving(tmp_path) as (address, container):
        key = await narrow_key(container)
        begun = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            example.text.replace(SHOWN, address),
            env={**os.environ, "PLG_KEY": key},
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await process.communicate()

    found = [json.loads(line)["killer_bi_id"] for line in printed.splitlines()]
    assert found == ["KB-000001", "KB-000002", "KB-000003"]
    assert time.monotonic() - begun >= 1


async def narrow_key(container: Container) -> str:
    """Return a key that may ask once a second."""
    create = container.accounts().create_account
    made = await create(Email.parse("ana@example.org"), None, Role.USER, None, OPERATOR)
    owner = Caller("operator", made.account.role.scopes, account_id=made.account.id)
    change = KeyChange("narrow", burst=Rate(1, 1))
    return str((await container.keys().issue(change, owner, OPERATOR)).secret.reveal())
