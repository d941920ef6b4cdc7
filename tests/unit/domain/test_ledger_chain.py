"""The chain: these bytes stand in ledgers, and may never become others."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.identity.keyring import Keyring
from plg.domain.ledger.chain import GENESIS, LedgerChain, canonical
from plg.domain.ledger.usage import UsageRecord

KEYRING = Keyring("a secret of thirty-two characters")
RECORD = UsageRecord(
    "01ANA00000000000000000000A", 7, "01ABC00000000000000000000C", 1_700_000_000_123_456, 19675,
    "01KEY00000000000000000000K", "players", "Mëmber-1", "hit", 1, 100_000_000, "EUR", "basic", 3,
    "req-1", 1, 0, None, 6,
)  # fmt: skip
VOID = RECORD._replace(
    sequence=8, id="01VOID", key_id=None, units=-1, requests=-1, voids=7, request_id="ä"
)

texts = st.text(max_size=8)
counts = st.integers(-(2**63), 2**63 - 1)
records = st.builds(
    UsageRecord, texts, counts, texts, counts, counts, st.none() | texts, texts, texts, texts,
    counts, counts, texts, texts, counts, texts, counts, counts, st.none() | st.integers(1, 99),
    counts,
)  # fmt: skip


def test_a_record_has_these_bytes() -> None:
    numbers = (1, 7, 1_700_000_000_123_456, 19675, 1, 100_000_000, 3, 1, 0, 0, 6,
               26, 26, 26, 7, 3, 3, 5, 5)  # fmt: skip
    expected = b"".join(number.to_bytes(8, signed=True) for number in numbers) + b"d" * 32
    expected += b"01ANA00000000000000000000A01ABC00000000000000000000C01KEY00000000000000000000K"
    expected += b"playershitEURbasicreq-1"

    assert canonical(RECORD, b"d" * 32) == expected


def test_texts_are_utf_8_and_none_is_no_empty_text() -> None:
    numbers = (1, 8, 1_700_000_000_123_456, 19675, -1, 100_000_000, 3, -1, 0, 7, 6,
               26, 6, -1, 7, 3, 3, 5, 2)  # fmt: skip
    expected = b"".join(number.to_bytes(8, signed=True) for number in numbers) + b"d" * 32
    expected += b"01ANA00000000000000000000A01VOIDplayershitEURbasic\xc3\xa4"

    assert canonical(VOID, b"d" * 32) == expected


def test_a_chain_has_these_seals() -> None:
    sealer = LedgerChain(KEYRING).sealer()
    first = sealer.seal(GENESIS, RECORD)
    second = sealer.seal(first, VOID)

    assert (
        sealer.key_digest(RECORD.id, "Mëmber-1").hex()
        == "3a4fa6425b0a2bc53b8b7fb02f4957fb9599a4f0d811a3c3ce980dec0fc65328"
    )
    assert first.hex() == "06b247965f79ef8502a80c4db5f9bcbb13ab51ecd100b54903e75e10e2861ed0"
    assert second.hex() == "fabd1b5be1c976adb8beea8c873847d7c4c535db0283ece863da67cd14d01069"


@given(records, st.binary(min_size=32, max_size=32))
def test_a_seal_is_an_hmac_over_the_one_before_and_the_record(
    record: UsageRecord, head: bytes
) -> None:
    sealer = LedgerChain(KEYRING).sealer()
    digest = sealer.key_digest(record.id, record.record_key or "")

    expected = hmac.digest(KEYRING.derive("ledger"), head + canonical(record, digest), "sha256")
    assert sealer.seal(head, record) == expected


@given(records, records)
def test_different_records_have_different_forms(one: UsageRecord, other: UsageRecord) -> None:
    def covered(record: UsageRecord) -> UsageRecord:
        return record._replace(record_key="")

    same = canonical(one, b"d" * 32) == canonical(other, b"d" * 32)
    assert same == (covered(one) == covered(other))


def test_a_text_that_moves_into_the_next_one_changes_the_form() -> None:
    moved = RECORD._replace(resource="player", metered="shit")

    assert canonical(moved, b"") != canonical(RECORD, b"")


def test_a_record_whose_key_was_erased_has_the_same_seal() -> None:
    sealer = LedgerChain(KEYRING).sealer()
    digest = sealer.key_digest(RECORD.id, "Mëmber-1")

    erased = sealer.seal(GENESIS, RECORD._replace(record_key=None), digest)
    assert erased == sealer.seal(GENESIS, RECORD)


def test_records_of_one_key_cannot_be_told_by_its_digest() -> None:
    sealer = LedgerChain(KEYRING).sealer()

    assert sealer.key_digest("01A", "key") != sealer.key_digest("01B", "key")
    key = KEYRING.derive("ledger-record-keys")
    expected = hashlib.blake2b(b"01A:key", key=key, digest_size=32).digest()
    assert sealer.key_digest("01A", "key") == expected


def test_what_an_earlier_secret_sealed_is_known_and_nothing_else() -> None:
    earlier = LedgerChain(Keyring("an earlier secret of 32 characters"))
    chain = LedgerChain(
        Keyring("a secret of thirty-two characters", ("an earlier secret of 32 characters",))
    )

    assert chain.sealer(earlier.pepper_id).seal(GENESIS, RECORD) == earlier.sealer().seal(
        GENESIS, RECORD
    )
    assert chain.sealer().seal(GENESIS, RECORD) != earlier.sealer().seal(GENESIS, RECORD)
    with pytest.raises(KeyError):
        chain.sealer("00000000")
