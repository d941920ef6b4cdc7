"""Records of any kind from an HTTP source."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from plg.adapters.upstream.client import SourceClient, SourceResponse, retry_after
from plg.adapters.upstream.retries import Retries
from plg.application.ports.clock import ClockPort
from plg.application.ports.records.source import Fetched, NotModified, SourcePort
from plg.domain.errors import SourceBroken, SourceFailed, SourceFault
from plg.domain.records.declared.resources import HttpLookup
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)
R = TypeVar("R")

VALIDATOR_LENGTH_MAX = 512
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class HttpRecordSource(SourcePort[K, R], Generic[K, R]):
    """One GET a record, as its declaration says; how the answer is read differs by kind."""

    client: SourceClient
    retries: Retries
    clock: ClockPort
    lookup: HttpLookup

    @abstractmethod
    def read(self, key: K, body: bytes) -> R | None:
        """
        Return the record in the body of a 200, or None where there is no match.

        Raises:
            SourceBroken: If it breaks the contract.
        """

    async def fetch(self, key: K, validator: str | None = None) -> Fetched[R] | NotModified | None:
        return await self.retries.run(lambda: self._fetch_once(key, validator))

    async def _fetch_once(self, key: K, validator: str | None) -> Fetched[R] | NotModified | None:
        target = self.lookup.target_of(key.value)
        response = await self.client.get(target, validator=validator)
        if validator is not None and _confirms_another(response, validator):
            validator = None
            response = await self.client.get(target)
        return understand(response, validator, self.clock.now(), lambda body: self.read(key, body))


def understand(
    response: SourceResponse,
    validator: str | None,
    now: float,
    read: Callable[[bytes], R | None],
) -> Fetched[R] | NotModified | None:
    """
    Return what an answer says.

    Raises:
        SourceFailed: If the status is no answer.
        SourceBroken: If it breaks the contract.
    """
    match response.status:
        case 200:
            _check_media_type(response)
            record = read(response.body)
            return None if record is None else Fetched(record, _validator(response))
        case 404 | 410:
            return None
        case 304 if validator is not None:
            return NotModified(validator)
        case 304:
            raise SourceBroken(SourceFault.CONTENT, "304 to an unconditional request", status=304)
        case status:
            wait = retry_after(response, now)
            raise SourceFailed(f"status {status}", status=status, retry_after=wait)


def _confirms_another(response: SourceResponse, validator: str) -> bool:
    """
    Tell whether a 304 names other content than was asked about, and so confirms nothing.

    The tags are compared weakly, as the source does with `If-None-Match` (RFC 9110, 13.1.2): a
    proxy that compresses may weaken a tag. Other content must not be updated (RFC 9111, 4.3.4).
    """
    etag = response.headers.get("etag", validator)
    return response.status == NOT_MODIFIED and etag.removeprefix("W/") != validator.removeprefix(
        "W/"
    )


def _check_media_type(response: SourceResponse) -> None:
    media_type = response.headers.get("content-type", "application/json").split(";")[0].strip()
    if media_type.lower() != "application/json" and not media_type.lower().endswith("+json"):
        raise SourceBroken(SourceFault.CONTENT, f"the content type is {media_type[:80]!r}")


def _validator(response: SourceResponse) -> str | None:
    etag = response.headers.get("etag")
    if etag is None or len(etag) > VALIDATOR_LENGTH_MAX or not etag.isascii():
        return None
    return etag
