"""Statements as they stand."""

from plg.domain.ledger.kept_statements import StatementsDigest
from tests.fakes.archives import NOTHING, STATEMENT

OF_BEFORE = "3e7045b2d0ae26f7cf0b663eaffbd568eaea2d743ee14c146248600a9c7b84f6"


def test_statements_that_state_no_decimals_have_the_digest_of_before() -> None:
    assert StatementsDigest([STATEMENT, NOTHING]).value().hex() == OF_BEFORE


def test_decimals_that_are_stated_are_in_the_digest() -> None:
    stated = [STATEMENT._replace(minor_digits=digits) for digits in (0, 2)]

    assert len({StatementsDigest([each]).value() for each in [STATEMENT, *stated]}) == 3


def test_a_statement_that_states_no_decimals_was_rounded_as_before() -> None:
    shillings = STATEMENT._replace(currency="UGX")

    assert (shillings.rounded_to, shillings._replace(minor_digits=0).rounded_to) == (2, 0)
