"""
What stands for a record key that was erased, where its repeats must still be told from others.

An idempotency key is bound to a record key for a day. Erased, a keyed digest takes its place: the
same request again is known by it, and nobody can read the key from it.
"""

from typing import Final

from plg.domain.ledger.chain import LedgerChain

_PREFIX: Final = "erased"


def hidden(chain: LedgerChain, place: str, record_key: str) -> str:
    """Return what stands for a record key in one place, under the current secret."""
    return _hidden(chain, chain.pepper_id, place, record_key)


def shown(chain: LedgerChain, place: str, kept: str, asked: str) -> str:
    """Return what is asked for where that is what `kept` stands for, else `kept`."""
    prefix, _, rest = kept.partition(":")
    if prefix != _PREFIX or not rest:
        return kept
    try:
        is_same = _hidden(chain, rest.partition(":")[0], place, asked) == kept
    except KeyError:  # of a secret that is not set, or a key that happens to begin so
        return kept
    return asked if is_same else kept


def _hidden(chain: LedgerChain, pepper_id: str, place: str, record_key: str) -> str:
    digest = chain.sealer(pepper_id).key_digest(place, record_key)
    return f"{_PREFIX}:{pepper_id}:{digest.hex()}"
