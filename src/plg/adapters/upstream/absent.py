"""Where a source would be, had the operator set one."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from plg.application.ports.records.source import Fetched, NotModified, SourcePort
from plg.domain.errors import NoSource
from plg.domain.records.record_keys import RecordKey

K = TypeVar("K", bound=RecordKey)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class AbsentSource(SourcePort[K, R], Generic[K, R]):
    """Says that these records are not served; `kind` is what people call them."""

    kind: str

    async def fetch(
        self,
        key: K,  # noqa: ARG002 - whatever is asked for
        validator: str | None = None,  # noqa: ARG002
    ) -> Fetched[R] | NotModified | None:
        raise NoSource(f"This gateway serves no {self.kind}.")
