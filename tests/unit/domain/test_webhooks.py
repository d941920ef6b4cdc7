"""Addresses and signatures of webhooks."""

import base64
import hashlib
import hmac

import pytest

from plg.domain.errors import InvalidParameter
from plg.domain.notices.webhooks import Webhook, check_url, secret_text, signatures

SECRET = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def test_a_signature_is_that_of_the_specification() -> None:
    """The example that the libraries of Standard Webhooks are tested by."""
    signed = signatures(
        [SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert secret_text(SECRET) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_each_secret_signs() -> None:
    signed = signatures([b"new", b"old"], "id", 5, b"body").split(" ")

    expected = [hmac.digest(secret, b"id.5.body", hashlib.sha256) for secret in (b"new", b"old")]
    assert signed == [f"v1,{base64.b64encode(each).decode()}" for each in expected]


def test_a_secret_that_was_replaced_signs_until_its_time_is_over() -> None:
    webhook = Webhook("A1", "https://example.org", "new", 0.0, "old", 10.0)

    assert webhook.sealed_secrets(9.9) == ("new", "old")
    assert webhook.sealed_secrets(10.0) == ("new",)
    assert Webhook("A1", "https://example.org", "new", 0.0).sealed_secrets(0.0) == ("new",)


def test_secrets_are_not_shown() -> None:
    assert "hush" not in repr(Webhook("A1", "https://example.org", "hush", 0.0, "hush", 1.0))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org:8443/hooks/plg?tenant=7&x=%C3%A4",
        "https://192.0.2.1/",
        "https://[2001:db8::1]:444/hook",
        "https://xn--bcher-kva.example/",
        "https://a_b.example/",
        "http://localhost:8080/",
        "https://example.org/" + "x" * 2000,
    ],
)
def test_addresses_that_may_be_called(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org/",
        "https:///path",
        "https://",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "HTTPS://example.org/",
        "https://user@example.org/",
        "https://user:secret@example.org/",
        "https://@example.org/",
        "https://example.org/#fragment",
        "https://example.org/#",
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://example.org:port/",
        "https://exam ple.org/",
        "https://example.org/a b",
        "https://example.org/\r\nX: y",
        "https://example.org\t/",
        "https://bücher.example/",
        "https://example.org\\@evil.example/",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
        "https://%31%32%37.0.0.1/",
        "https://example.org/" + "x" * 2030,
    ],
)
def test_addresses_that_may_not_be_called(url: str) -> None:
    with pytest.raises(InvalidParameter, match=r"url") as caught:
        check_url(url)

    assert caught.value.parameter == "url"
