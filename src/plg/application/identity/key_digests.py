"""How secrets of API keys are kept and proved: as keyed digests under a derived pepper."""

from hmac import compare_digest
from typing import Final

from plg.domain.identity.api_key_format import PresentedKey
from plg.domain.identity.api_keys import KeySecret
from plg.domain.identity.keyring import Keyring

PURPOSE: Final = "api-key"
_NO_DIGEST: Final = bytes(32)


def secret_of(keyring: Keyring, presented: PresentedKey, key_id: str, now: float) -> KeySecret:
    """Return what is kept of a key, under the current pepper."""
    digest = keyring.digest(PURPOSE, presented.text)
    return KeySecret(presented.public, key_id, keyring.pepper_id, digest, now)


def is_proved(keyring: Keyring, presented: PresentedKey, secret: KeySecret | None) -> bool:
    """Tell whether it is this secret; the work is the same where there is none."""
    is_known = secret is not None and secret.pepper_id in keyring.pepper_ids
    pepper_id = secret.pepper_id if secret is not None and is_known else keyring.pepper_id
    digest = keyring.digest(PURPOSE, presented.text, pepper_id)
    held = secret.digest if secret is not None and is_known else _NO_DIGEST
    return compare_digest(digest, held) and is_known
