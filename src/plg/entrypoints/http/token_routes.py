"""The routes of tokens, assembled from what the container gives."""

from plg.container import Container
from plg.entrypoints.http.api.identity.tokens import TokensApi
from plg.entrypoints.http.endpoints import Endpoint
from plg.entrypoints.http.gate.gate import Gate


def token_endpoints(container: Container, gate: Gate) -> list[Endpoint]:
    """Return every route of tokens."""
    access = container.access
    tokens = TokensApi(
        access.refresh_session(),
        access.verify_token(),
        access.end_session(),
        access.access_tokens(),
        container.settings().server.public_base_url,
        gate,
    )
    return tokens.endpoints()
