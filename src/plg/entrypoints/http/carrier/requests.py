"""Heads of requests by the letter of RFC 9112: what is refused unread, and why."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from plg.entrypoints.http.carrier.bounds import HEADER_BYTES_MAX, HEADER_FIELDS_MAX
from plg.entrypoints.http.protocol.fields import Field, list_elements
from plg.entrypoints.http.protocol.hosts import is_authority, is_host

_ABSOLUTE: Final = re.compile(rb"https?://([^/?]*+)(.*)", re.IGNORECASE | re.DOTALL)
_OBEYED: Final = frozenset({b"host", b"transfer-encoding", b"expect", b"x-request-id"})


@dataclass(frozen=True, slots=True)
class Fault:
    """
    Why a request, or a connection, is refused.

    Attributes:
        code: The problem's.
        detail: One sentence; none where the kind's own says enough.
        given_id: The request's own id, where its head was read.
        with_body: Whether the answer has one: not where it is one to HEAD.
    """

    code: str
    detail: str = ""
    given_id: bytes | None = None
    with_body: bool = True


@dataclass(slots=True, eq=False)  # one for each request: a frozen one takes three times as long
class Head:
    """
    A request's head, as the parser read it.

    Attributes:
        target: As it was sent.
        version: Such as "1.1".
        obeyed: Values of the fields that a carrier obeys itself, by name.
        size: Bytes of all names and values.
        count: How many fields there are.
    """

    method: bytes
    target: bytes
    version: str
    obeyed: dict[bytes, list[bytes]]
    size: int
    count: int

    @classmethod
    def of(cls, method: bytes, target: bytes, version: str, fields: list[Field]) -> Self:
        """Look through the fields once."""
        size = 0
        obeyed: dict[bytes, list[bytes]] = {}
        for name, value in fields:
            size += len(name) + len(value)
            if name in _OBEYED:
                stripped = value.strip(b" \t")
                if name in obeyed:
                    obeyed[name].append(stripped)
                else:
                    obeyed[name] = [stripped]
        return cls(method, target, version, obeyed, size, len(fields))

    @property
    def expects_continue(self) -> bool:
        """Tell whether the client waits before its body; HTTP/1.0 cannot (RFC 9110, 10.1.1)."""
        if b"expect" not in self.obeyed or self.version == "1.0":
            return False
        return b"100-continue" in _elements(self.obeyed[b"expect"])

    @property
    def origin_form(self) -> bytes:
        """The path and query, or `*`; an absolute target without a path has `/` (RFC 9112, 3.2)."""
        absolute = None if self.target[:1] == b"/" else _ABSOLUTE.fullmatch(self.target)
        if absolute is None:
            return self.target
        rest = absolute[2]
        return rest if rest.startswith(b"/") else b"/" + rest

    def fault(self) -> Fault | None:
        """Return what is wrong with the request; None where it may be answered."""
        return None if self._is_plain else self._look_closer()

    @property
    def _is_plain(self) -> bool:
        """Tell at one look, for nearly all requests, that nothing is wrong."""
        obeyed, target = self.obeyed, self.target
        hosts = obeyed.get(b"host")
        return (
            hosts is not None
            and len(hosts) == 1
            and is_host(hosts[0])
            and target[:1] == b"/"
            and b"#" not in target
            and self.version == "1.1"
            and self.size <= HEADER_BYTES_MAX
            and self.count <= HEADER_FIELDS_MAX
            and self.method != b"CONNECT"
            and b"transfer-encoding" not in obeyed
        )

    def _look_closer(self) -> Fault | None:
        if not self.version.startswith("1."):
            return self._refused("version_not_supported")
        if self.size > HEADER_BYTES_MAX or self.count > HEADER_FIELDS_MAX:
            return self._refused("headers_too_large")
        if self.method == b"CONNECT":
            return self._refused("not_implemented", "There are no tunnels here, so no CONNECT.")
        malformed = self._host_fault() or self._target_fault()
        if malformed:
            return self._refused("invalid_request", malformed)
        return self._framing_fault() if b"transfer-encoding" in self.obeyed else None

    def _host_fault(self) -> str:
        """RFC 9112, 3.2."""
        hosts = self.obeyed.get(b"host", [])
        if len(hosts) > 1 or (not hosts and self.version != "1.0"):
            return "The header Host must be sent once."
        if hosts and not is_host(hosts[0]):
            return "The header Host must be a host, with a port or without."
        return ""

    def _target_fault(self) -> str:
        """RFC 9112, 3.2.1 to 3.2.4."""
        if b"#" in self.target:
            return "A fragment (#) is no part of a request: leave it out."
        if self.target.startswith(b"/"):
            return ""
        if self.target == b"*":
            return "" if self.method == b"OPTIONS" else "Only OPTIONS may ask for *."
        absolute = _ABSOLUTE.fullmatch(self.target)
        if absolute is not None and is_authority(absolute[1]):
            return ""
        return "The target must be a path, or an http or https URL with a host."

    def _framing_fault(self) -> Fault | None:
        """RFC 9112, 6.1 and 6.3."""
        if self.version == "1.0":
            return self._refused("invalid_request", "HTTP/1.0 has no Transfer-Encoding.")
        *others, last = _elements(self.obeyed[b"transfer-encoding"]) or [b""]
        if last != b"chunked" or b"chunked" in others:
            return self._refused(
                "invalid_request", "Transfer-Encoding must end with chunked, and have it once."
            )
        if others:
            return self._refused("not_implemented", "The only transfer coding here is chunked.")
        return None

    def _refused(self, code: str, detail: str = "") -> Fault:
        given = self.obeyed.get(b"x-request-id", [])
        given_id = given[0] if len(given) == 1 else None
        return Fault(code, detail, given_id, with_body=self.method != b"HEAD")


def _elements(values: Iterable[bytes]) -> list[bytes]:
    return [element.lower() for value in values for element in list_elements(value)]
