"""Amounts are integers from the text they are read from to the text they are printed as."""

import ast
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import plg.domain
from plg.domain.money import NANOS, NANOS_MAX, Currency, Price, parse_nanos

EUR, YEN, DINAR = Currency("EUR"), Currency("JPY"), Currency("KWD")
currencies = st.sampled_from([EUR, YEN, DINAR])
amounts = st.integers(0, NANOS_MAX - 1)
OF_MONEY = (
    "money.py",
    "plans/plans.py",
    "plans/terms.py",
    "plans/fields.py",
    "plans/tariffs.py",
)


@given(nanos=amounts, currency=currencies)
def test_what_is_printed_is_read_as_the_same(nanos: int, currency: Currency) -> None:
    assert parse_nanos(currency.text(nanos)) == nanos


@given(whole=st.integers(0, 999_999_999), decimals=st.text("0123456789", min_size=1, max_size=9))
def test_a_text_is_read_exactly(whole: int, decimals: str) -> None:
    text = f"{whole}.{decimals}"

    assert parse_nanos(text) == Decimal(text) * NANOS


@given(nanos=st.integers(-NANOS_MAX, NANOS_MAX), currency=currencies)
def test_halves_are_rounded_away_from_zero(nanos: int, currency: Currency) -> None:
    cent = Decimal(1).scaleb(-currency.minor_digits)
    expected = (Decimal(nanos) / NANOS).quantize(cent, ROUND_HALF_UP)

    assert Decimal(currency.rounded(nanos)) == expected * NANOS


@given(nanos=st.integers(-NANOS_MAX, NANOS_MAX), currency=currencies)
def test_what_is_rounded_can_be_paid(nanos: int, currency: Currency) -> None:
    text = currency.text(currency.rounded(nanos))

    assert len(text.partition(".")[2]) == currency.minor_digits
    assert currency.rounded(currency.rounded(nanos)) == currency.rounded(nanos)


@pytest.mark.parametrize(
    ("currency", "nanos", "rounded"),
    [
        (EUR, 5_000_000, 10_000_000),
        (EUR, 4_999_999, 0),
        (EUR, -5_000_000, -10_000_000),
        (EUR, -4_999_999, 0),
        (YEN, NANOS // 2, NANOS),
        (DINAR, 500_000, 1_000_000),
    ],
)
def test_half_of_the_smallest_coin_is_one(currency: Currency, nanos: int, rounded: int) -> None:
    assert currency.rounded(nanos) == rounded


@pytest.mark.parametrize(
    ("currency", "nanos", "text"),
    [
        (EUR, 1_200_000_000, "1.20"),
        (EUR, -1_200_000_000, "-1.20"),
        (EUR, 1_000_000, "0.001"),
        (EUR, 0, "0.00"),
        (YEN, 5 * NANOS, "5"),
        (YEN, NANOS // 2, "0.5"),
        (DINAR, NANOS, "1.000"),
    ],
)
def test_an_amount_has_its_currencys_decimals_or_more(
    currency: Currency, nanos: int, text: str
) -> None:
    assert currency.text(nanos) == text


@pytest.mark.parametrize(
    "text",
    ["", ".1", "1.", "-1", "+1", "1,5", "1e3", " 1", "1\n", "1.0123456789", "1000000000", "٣"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"such as 0\.10"):
        parse_nanos(text)


@pytest.mark.parametrize("code", ["", "eur", "EURO", "EU", "E€R", "EUR\n"])
def test_what_is_no_currency_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="such as EUR"):
        Currency(code)


@pytest.mark.parametrize(
    ("digits", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "CHE CHF EUR GBP USD"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_money_has_the_decimals_of_iso_4217(digits: int, codes: str) -> None:
    assert {Currency.parse(code).minor_digits for code in codes.split()} == {digits}


@pytest.mark.parametrize("code", ["XXX", "XTS", "XAU", "XDR", "BTC", "QQQ", "HRK"])
def test_what_is_no_money_of_today_is_refused_and_still_read(code: str) -> None:
    with pytest.raises(ValueError, match="a currency in use"):
        Currency.parse(code)

    assert Currency(code).text(NANOS) == "1.00"


def test_a_currency_may_be_rounded_as_a_statement_says() -> None:
    shillings = Currency("UGX", 2)

    assert shillings.text(shillings.rounded(NANOS // 1000 * 1005)) == "1.01"
    assert shillings == Currency("UGX")


@pytest.mark.parametrize("digits", [-1, 10])
def test_decimals_without_sense_cannot_be_stated(digits: int) -> None:
    with pytest.raises(ValueError, match="decimals"):
        Currency("EUR", digits)


def test_a_price_is_an_amount_of_a_currency() -> None:
    assert Price.parse("0.10", "EUR") == Price(100_000_000, EUR)


@pytest.mark.parametrize("nanos", [-1, NANOS_MAX + 1])
def test_a_price_without_sense_cannot_be_made(nanos: int) -> None:
    with pytest.raises(ValueError, match="0 to a billion"):
        Price(nanos, EUR)


@pytest.mark.parametrize("name", OF_MONEY)
def test_no_float_is_near_money(name: str) -> None:
    path = Path(plg.domain.__file__).parent / name
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Div), "a quotient is a float"
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)) or (
            node.value == 0.0  # the beginning of time
        )
