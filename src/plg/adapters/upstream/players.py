"""Players from an HTTP source."""

from dataclasses import dataclass
from urllib.parse import quote

from plg.adapters.upstream.client import SourceClient, SourceResponse, retry_after
from plg.adapters.upstream.player_documents import find_player_document
from plg.adapters.upstream.retries import Retries
from plg.application.ports.clock import ClockPort
from plg.application.ports.source import Fetched, NotModified, PlayerSourcePort
from plg.domain.errors import SourceBroken, SourceFailed, SourceFault
from plg.domain.players import KillerBiId, Player

VALIDATOR_LENGTH_MAX = 512


@dataclass(frozen=True, slots=True)
class HttpPlayerSource(PlayerSourcePort):
    """`GET {base}/players?killer_bi_id=ID`, answered by a JSON list."""

    client: SourceClient
    retries: Retries
    clock: ClockPort

    async def fetch(
        self, key: KillerBiId, validator: str | None = None
    ) -> Fetched[Player] | NotModified | None:
        return await self.retries.run(lambda: self._fetch_once(key, validator))

    async def _fetch_once(
        self, key: KillerBiId, validator: str | None
    ) -> Fetched[Player] | NotModified | None:
        response = await self.client.get(target(key), validator=validator)
        return understand(response, key, validator, self.clock.now())


def target(key: KillerBiId) -> str:
    """Return the path and query under which the source answers for the key."""
    return "/players?killer_bi_id=" + quote(key.value, safe="")


def understand(
    response: SourceResponse, key: KillerBiId, validator: str | None, now: float
) -> Fetched[Player] | NotModified | None:
    """
    Return what an answer to `target(key)` says.

    Raises:
        SourceFailed: If the status is no answer.
        SourceBroken: If it breaks the contract.
    """
    match response.status:
        case 200:
            return _match(key, response)
        case 404:
            return None
        case 304 if validator is not None:
            return NotModified(_validator(response) or validator)
        case 304:
            raise SourceBroken(SourceFault.CONTENT, "304 to an unconditional request", status=304)
        case status:
            wait = retry_after(response, now)
            raise SourceFailed(f"status {status}", status=status, retry_after=wait)


def _match(key: KillerBiId, response: SourceResponse) -> Fetched[Player] | None:
    media_type = response.headers.get("content-type", "application/json").split(";")[0].strip()
    if media_type.lower() != "application/json" and not media_type.lower().endswith("+json"):
        raise SourceBroken(SourceFault.CONTENT, f"the content type is {media_type[:80]!r}")
    document = find_player_document(response.body, key.value)
    if document is None:
        return None
    return Fetched(Player(key, document), _validator(response))


def _validator(response: SourceResponse) -> str | None:
    etag = response.headers.get("etag")
    if etag is None or len(etag) > VALIDATOR_LENGTH_MAX or not etag.isascii():
        return None
    return etag
