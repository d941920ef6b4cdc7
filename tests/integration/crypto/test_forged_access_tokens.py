"""Access tokens are read only if we signed them, for us, with RS256, and they are valid now."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from plg.adapters.crypto.access_tokens import JwtAccessTokens
from plg.domain.errors import InvalidCredential
from plg.domain.identity.signing_keys import SigningKey
from tests.fakes.clock import NOON
from tests.integration.crypto.forging import CLAIMS, ISSUER, Forge, b64, one_token, signed


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "logout+jwt"},
        {"typ": None},
        {"kid": None},
        {"alg": None},
        {"alg": "none"},
        {"alg": "NONE"},
        {"alg": "HS256"},
        {"alg": "RS384"},
        {"alg": "PS256"},
        {"alg": ["RS256"]},
        {"kid": 1},
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"crit": None, "b64": False},
        {"b64": True},
        {"crit": ["b64"], "b64": False},
        {"zip": "DEF"},
        {"kid": "x" * 1000},
    ],
)
def test_a_header_that_is_not_ours_is_refused(
    tokens: JwtAccessTokens, forge: Forge, header: dict[str, Any]
) -> None:
    try:
        read = tokens.read(forge(header), NOON)
    except InvalidCredential:
        return
    assert read is None


@pytest.mark.parametrize("alg", ["none", "RS384", "PS256", "HS256"])
def test_the_headers_algorithm_is_never_obeyed(
    tokens: JwtAccessTokens, forge: Forge, alg: str
) -> None:
    with pytest.raises(InvalidCredential):
        tokens.read(forge({"alg": alg}), NOON)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example.org"},
        {"iss": f"{ISSUER}/"},
        {"aud": "other"},
        {"aud": ["plg", "other"]},
        {"exp": int(NOON)},
        {"exp": int(NOON) - 1},
        {"exp": str(int(NOON) + 900)},
        {"exp": True},
        {"iat": int(NOON) + 6},
        {"nbf": int(NOON) + 6},
        {"nbf": "soon"},
        {"scope": ["admin"]},
        {"sub": 1},
        *({name: None} for name in ("iss", "aud", "sub", "client_id", "iat", "exp", "jti")),
        {"sid": None},
        {"scope": None},
    ],
)
def test_claims_that_do_not_hold_are_refused(
    tokens: JwtAccessTokens, forge: Forge, claims: dict[str, Any]
) -> None:
    with pytest.raises(InvalidCredential):
        tokens.read(forge(**claims), NOON)


def test_a_token_is_valid_up_to_its_last_moment(tokens: JwtAccessTokens) -> None:
    token = tokens.sign(CLAIMS)

    assert tokens.read(token, CLAIMS.expires_at - 0.001) == CLAIMS
    with pytest.raises(InvalidCredential, match="expired"):
        tokens.read(token, CLAIMS.expires_at)


def test_a_clock_that_is_five_seconds_behind_still_reads_it(tokens: JwtAccessTokens) -> None:
    token = tokens.sign(CLAIMS)

    assert tokens.read(token, NOON - 5) == CLAIMS
    with pytest.raises(InvalidCredential, match="not valid yet"):
        tokens.read(token, NOON - 5.1)


def test_a_token_without_a_signature_is_refused(tokens: JwtAccessTokens, forge: Forge) -> None:
    header, payload, _ = forge({"alg": "none"}).split(".")

    for token in (f"{header}.{payload}.", f"{header}.{payload}"):
        with pytest.raises(InvalidCredential):
            tokens.read(token, NOON)


def test_the_public_key_is_no_shared_secret(
    tokens: JwtAccessTokens, keys: list[SigningKey], forge: Forge
) -> None:
    public = RSAKey.import_key(json.loads(keys[1].public))
    payload = base64.urlsafe_b64decode(forge().split(".")[1] + "==")
    header = {"alg": "HS256", "typ": "at+jwt", "kid": keys[1].id}

    for secret in (public.as_pem(private=False), public.as_der(private=False), keys[1].public):
        text = secret if isinstance(secret, str) else secret.decode("latin-1")
        token = jws.serialize_compact(header, payload, OctKey.import_key(b64(text.encode())))
        with pytest.raises(InvalidCredential):
            tokens.read(token, NOON)


def test_a_key_that_the_token_brings_along_is_not_used(
    tokens: JwtAccessTokens, forge: Forge, keys: list[SigningKey]
) -> None:
    foreign = RSAKey.generate_key(2048)
    payload = base64.urlsafe_b64decode(forge().split(".")[1] + "==")
    header = {
        "alg": "RS256",
        "typ": "at+jwt",
        "kid": keys[1].id,
        "jwk": {"kty": "RSA", **{name: foreign.as_dict(private=False)[name] for name in "ne"}},
    }

    with pytest.raises(InvalidCredential):
        tokens.read(signed(foreign, header, payload), NOON)


@given(place=st.integers(0, 10_000), letter=st.sampled_from("Ab9-_.=~"))
def test_a_change_of_any_letter_is_found(place: int, letter: str) -> None:
    tokens, token = one_token()
    place %= len(token) - 1  # the last letter has bits that mean nothing
    changed = f"{token[:place]}{letter}{token[place + 1 :]}"

    try:
        read = tokens.read(changed, NOON)
    except InvalidCredential:
        assert changed != token
        return
    # A changed name of a key reads as a key that was not given.
    assert read is None or changed == token


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*", fullmatch=True))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidCredential):
        one_token()[0].read(text, NOON)


@pytest.mark.parametrize("payload", [b"[]", b"null", b"", b"{", b"\xff", b'{"a":' * 1200])
def test_a_payload_that_is_no_object_of_ours_is_refused(
    tokens: JwtAccessTokens, private: RSAKey, keys: list[SigningKey], payload: bytes
) -> None:
    header = {"alg": "RS256", "typ": "at+jwt", "kid": keys[1].id}

    with pytest.raises(InvalidCredential):
        tokens.read(signed(private, header, payload), NOON)


@pytest.mark.parametrize("header", [b"[" * 5000, b'{"a":' * 1000, b"{}", b"1", b'"x"', b"\xff"])
def test_a_header_that_is_no_object_of_ours_is_malformed(
    tokens: JwtAccessTokens, header: bytes
) -> None:
    with pytest.raises(InvalidCredential):
        tokens.read(f"{b64(header)}.e30.AAAA", NOON)


def test_more_than_eight_kibibytes_are_not_even_looked_at(
    tokens: JwtAccessTokens, forge: Forge
) -> None:
    fitting, large = forge(more="x" * 5000), forge(more="x" * 6000)

    assert len(fitting) <= 8192 < len(large)
    assert tokens.read(fitting, NOON) == CLAIMS
    with pytest.raises(InvalidCredential, match="malformed"):
        tokens.read(large, NOON)
