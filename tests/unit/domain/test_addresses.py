"""E-mail addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plg.domain.errors import InvalidParameter
from plg.domain.identity.addresses import Email, canonical_key, distinct_keys, fold_case

SAME = [
    ("ana@example.org", "ANA@Example.ORG"),
    ("ana@example.org", " ana@example.org. "),
    ("ana@bücher.example", "ana@xn--bcher-kva.example"),
    ("ana@bücher.example", "Ana@BÜCHER.example."),
    ("ana@例え.テスト", "ana@例え。テスト"),
    ("jo\u0308rg@example.org", "JÖRG@example.org"),
    ("ΣΑΣ@example.org", "σας@example.org"),
]
OTHERS = [
    ("ana@straße.example", "ana@strasse.example"),
    ("straße@example.org", "strasse@example.org"),
    ("ana@example.org", "ana@example.com"),
]
ADDRESSES = st.sampled_from(
    ["ana@example.org", "Ana@example.org.", "ana@bücher.example", "ana@xn--bcher-kva.example",
     "ana@xn--bcher-kva.example.", "ana@straße.example", "ana@strasse.example", "a_b@my_host.local",
     "ana@strasse.example.", "ben@example.org"]
)  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_an_address_are_one_account(one: str, other: str) -> None:
    assert Email.parse(one).key == Email.parse(other).key


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_addresses_are_two_accounts(one: str, other: str) -> None:
    assert Email.parse(one).key != Email.parse(other).key


@pytest.mark.parametrize(
    "address",
    ["ana@plg.local", "ana@plg.test", "ana@plg.invalid", "ana+tag@sub.example.org",
     "o'neil@example.org", "用户@例子.广告", "a" * 64 + "@example.org"],
)  # fmt: skip
def test_an_address_is_taken_as_it_is_given(address: str) -> None:
    assert Email.parse(f" {address} ").address == address


@pytest.mark.parametrize(
    "text",
    ["", "ana", "ana@", "@example.org", "ana@localhost", "ana@example..org", "ana@-a.org",
     "ana@example.org..", "ana@1.2.3.4", "ana@[192.0.2.1]", "ana lopez@example.org",
     '"ana"@example.org', "Ana <ana@example.org>", "ana@exam ple.org", "a\u200bna@example.org",
     "ana@a\u00adb\u202e.org", "ana\r\nBcc: b@example.org", "ana@b@example.org", "ana@💩.example",
     "a" * 65 + "@example.org", "ana@" + "a" * 64 + ".org", "a@" + "ab." * 90 + "org",
     "\u0301" * 70_000 + "@example.org", "ana\ud800@example.org"],
)  # fmt: skip
def test_what_can_be_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter, match=r"such as ana@example\.org"):
        Email.parse(text)


@pytest.mark.parametrize("address", ["ana@my_host.local", "ana@example.1", "ana@example.org."])
def test_an_account_of_older_rules_can_be_named(address: str) -> None:
    assert Email.named(address).exact_key == address


@pytest.mark.parametrize(
    "text", ["", "ana", "a\x00@b", "a b@c.d", "a@b@c", "a\ud800@b.org", "a" * 255 + "@b.org"]
)
def test_what_never_was_an_address_names_no_account(text: str) -> None:
    with pytest.raises(InvalidParameter):
        Email.named(text)


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ana@Bücher.example", "Ana@xn--bcher-kva.example"),
        ("Ana@xn--bcher-kva.example", "Ana@xn--bcher-kva.example"),
        ("ana@example.org.", "ana@example.org"),
        ("jörg@straße.example", "jörg@xn--strae-oqa.example"),
        ("ana@my_host.local", "ana@my_host.local"),
    ],
)
def test_mail_goes_to_the_domain_in_ascii(address: str, mailbox: str) -> None:
    assert Email(address).mailbox == mailbox


@given(st.text(max_size=40), st.sampled_from(["example.org", "bücher.example", "straße.example"]))
def test_a_key_is_its_own_key(local: str, domain: str) -> None:
    key = canonical_key(f"{local}@{domain}")

    assert canonical_key(key) == key


@given(st.text(max_size=60))
def test_folded_twice_is_folded_and_no_longer(text: str) -> None:
    folded = fold_case(text)

    assert fold_case(folded) == folded


@given(st.lists(ADDRESSES, unique=True))
def test_every_account_has_a_key_of_its_own_by_which_its_spelling_finds_it(
    addresses: list[str],
) -> None:
    keys = distinct_keys((address, address) for address in addresses)

    assert len(set(keys.values())) == len(addresses)
    accounts = {key: address for address, key in keys.items()}
    for address in addresses:
        exact, common = Email(address).exact_key, Email(address).key
        assert accounts.get(exact) or accounts.get(common) == address
        assert (accounts.get(exact) or accounts.get(common)) == address


@given(st.lists(ADDRESSES, unique=True))
def test_what_two_accounts_share_is_no_free_address(addresses: list[str]) -> None:
    keys = distinct_keys((address, address) for address in addresses)

    assert {canonical_key(address) for address in addresses} <= set(keys.values())


def test_only_one_that_does_not_have_the_common_key_is_exact() -> None:
    keys = distinct_keys([("1", "a@xn--bcher-kva.example"), ("2", "a@bücher.example")])

    assert Email("a@xn--bcher-kva.example", keys["1"]).is_exact
    assert not Email("a@bücher.example", keys["2"]).is_exact
