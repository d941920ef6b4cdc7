"""Access tokens are signed as RFC 9068 has it, with keys that are published."""

import base64
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

from plg.adapters.crypto.access_tokens import JwtAccessTokens
from plg.adapters.crypto.sealing import AesSeal
from plg.domain.errors import SealBroken, StorageUnavailable
from plg.domain.identity.access import Scope
from plg.domain.identity.keyring import Keyring
from plg.domain.identity.signing_keys import SigningKey
from tests.fakes.clock import NOON
from tests.integration.crypto.forging import CLAIMS, ISSUER, SEAL, Forge, parts


def test_what_was_signed_is_read(tokens: JwtAccessTokens) -> None:
    assert tokens.read(tokens.sign(CLAIMS), NOON) == CLAIMS


def test_a_token_is_as_rfc_9068_has_it(tokens: JwtAccessTokens, keys: list[SigningKey]) -> None:
    header, payload = parts(tokens.sign(CLAIMS))

    assert header == {"alg": "RS256", "typ": "at+jwt", "kid": keys[1].id}
    assert payload == {
        "iss": ISSUER,
        "aud": "plg",
        "sub": CLAIMS.subject,
        "client_id": "plg",
        "iat": CLAIMS.issued_at,
        "exp": CLAIMS.expires_at,
        "jti": CLAIMS.token_id,
        "sid": CLAIMS.session_id,
        "scope": "players:read vehicles:read",
    }


def test_another_library_with_the_published_keys_verifies_it(tokens: JwtAccessTokens) -> None:
    token = tokens.sign(CLAIMS)
    published = {key["kid"]: key for key in json.loads(tokens.key_set())["keys"]}
    numbers = published[parts(token)[0]["kid"]]
    n, e = (int.from_bytes(base64.urlsafe_b64decode(numbers[name] + "==")) for name in ("n", "e"))
    text, signature = token.rsplit(".", 1)

    rsa.RSAPublicNumbers(e, n).public_key().verify(
        base64.urlsafe_b64decode(signature + "=="), text.encode(), padding.PKCS1v15(), SHA256()
    )


def test_the_key_set_holds_all_keys_and_nothing_private(
    tokens: JwtAccessTokens, keys: list[SigningKey]
) -> None:
    published = json.loads(tokens.key_set())["keys"]

    assert [key["kid"] for key in published] == [key.id for key in keys]
    for key in published:
        assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
        assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")


def test_before_keys_are_given_the_key_set_is_empty_and_nothing_is_signed_or_read(
    tokens: JwtAccessTokens,
) -> None:
    bare = JwtAccessTokens(ISSUER, SEAL)

    assert json.loads(bare.key_set()) == {"keys": []}
    assert bare.read(tokens.sign(CLAIMS), NOON) is None
    with pytest.raises(StorageUnavailable):
        bare.sign(CLAIMS)


def test_keys_are_named_by_their_thumbprint(keys: list[SigningKey]) -> None:
    for key in keys:
        assert RSAKey.import_key(json.loads(key.public)).thumbprint() == key.id


def test_a_private_key_is_sealed_for_its_own_id(keys: list[SigningKey]) -> None:
    with pytest.raises(SealBroken):
        SEAL.open(keys[0].sealed_private, f"signing-key:{keys[1].id}")


def test_the_newest_active_key_signs(keys: list[SigningKey]) -> None:
    tokens = JwtAccessTokens(ISSUER, SEAL)
    tokens.use([*keys[:2], replace(keys[2], active_at=NOON)])

    assert parts(tokens.sign(CLAIMS))[0]["kid"] == keys[2].id


def test_what_a_retired_or_the_next_key_signed_is_read(
    tokens: JwtAccessTokens, keys: list[SigningKey]
) -> None:
    for key in (keys[0], keys[2]):
        other = JwtAccessTokens(ISSUER, SEAL)
        other.use([replace(key, active_at=NOON, retired_at=None)])
        assert tokens.read(other.sign(CLAIMS), NOON) == CLAIMS


def test_a_key_that_was_not_given_is_told_apart(
    tokens: JwtAccessTokens, keys: list[SigningKey]
) -> None:
    other = JwtAccessTokens(ISSUER, SEAL)
    other.use(keys[:1])

    assert other.read(tokens.sign(CLAIMS), NOON) is None


def test_without_an_active_key_nothing_is_signed(keys: list[SigningKey]) -> None:
    tokens = JwtAccessTokens(ISSUER, SEAL)
    tokens.use([keys[0], keys[2]])

    with pytest.raises(StorageUnavailable):
        tokens.sign(CLAIMS)


def test_under_another_secret_the_active_key_cannot_be_used(keys: list[SigningKey]) -> None:
    with pytest.raises(SealBroken):
        JwtAccessTokens(ISSUER, AesSeal(Keyring("another"))).use(keys)


def test_a_key_under_a_former_secret_is_sealed_anew(keys: list[SigningKey]) -> None:
    changed = AesSeal(Keyring("another", ("the secret of this installation",)))
    resealed = JwtAccessTokens(ISSUER, changed).resealed(keys[1])

    tokens = JwtAccessTokens(ISSUER, AesSeal(Keyring("another")))
    tokens.use([resealed])
    assert tokens.read(tokens.sign(CLAIMS), NOON) == CLAIMS
    assert JwtAccessTokens(ISSUER, changed).resealed(resealed) is resealed


@pytest.mark.parametrize("kind", ["at+jwt", "AT+JWT", "application/at+jwt"])
def test_both_names_of_the_type_are_understood(
    tokens: JwtAccessTokens, forge: Forge, kind: str
) -> None:
    assert tokens.read(forge({"typ": kind}), NOON) == CLAIMS


def test_scopes_of_former_resources_are_read(tokens: JwtAccessTokens, forge: Forge) -> None:
    read = tokens.read(forge(scope="players:read moon:read  admin"), NOON)

    assert read is not None
    assert read.scopes == {Scope.PLAYERS_READ, Scope.ADMIN, "moon:read"}


@pytest.mark.parametrize("claims", [{"scope": ""}, {"nbf": int(NOON)}, {"nbf": NOON + 4.5}])
def test_what_need_not_be_said_does_not_matter(
    tokens: JwtAccessTokens, forge: Forge, claims: dict[str, float | str]
) -> None:
    assert tokens.read(forge(**claims), NOON) is not None
