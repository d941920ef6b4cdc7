"""
The OpenAPI document is the one that was looked at last: `openapi.golden.json`.

Where a difference is wanted, renew the file, and look at what changed in it:

    RENEW_GOLDEN=1 .venv/bin/pytest tests/integration/http/test_golden_document.py
    git diff tests/integration/http/openapi.golden.json
"""

import json
import os
from pathlib import Path
from typing import Final

from tests.integration.http.gateway import Gateway

GOLDEN: Final = Path(__file__).with_name("openapi.golden.json")


async def test_the_document_of_players_and_vehicles_is_the_golden_file(gateway: Gateway) -> None:
    document = (await gateway.get("/openapi.json")).json()
    document["info"]["version"] = "(any)"
    served = json.dumps(document, indent=1, sort_keys=True) + "\n"
    if "RENEW_GOLDEN" in os.environ:
        GOLDEN.write_text(served)

    assert {"players", "vehicles"} <= {tag["name"] for tag in document["tags"]}
    assert served.splitlines() == GOLDEN.read_text().splitlines()
