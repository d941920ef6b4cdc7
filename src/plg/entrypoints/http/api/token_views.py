"""How tokens look in JSON (RFC 6749, 5.1)."""

from typing import Final, Literal

import msgspec

from plg.domain.sessions import Tokens


class TokensView(msgspec.Struct, frozen=True):
    """What a log-in, a device's proof and a refresh answer."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


TOKENS_EXAMPLE: Final = {
    "access_token": "<a JSON web token>",  # nosec B105  # stands for one
    "refresh_token": "plg_rt_01JDG7Q4X2ZC8M5W9K3T6V1B0N_0_...",  # nosec B105  # has no MAC
    "token_type": "Bearer",  # nosec B105  # the name of a scheme
    "expires_in": 900,
    "scope": "players:read vehicles:read",
}


def tokens_view(tokens: Tokens) -> TokensView:
    return TokensView(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        token_type="Bearer",  # nosec B106  # the name of a scheme, no secret
        expires_in=tokens.expires_in,
        scope=" ".join(sorted(tokens.scopes)),
    )
