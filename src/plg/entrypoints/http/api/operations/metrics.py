"""Figures for Prometheus."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.types import Scope

from plg.entrypoints.http.endpoints import Endpoint, Open, Operation
from plg.entrypoints.http.protocol.answers import NO_STORE, Answer, content
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.errors import problem
from plg.entrypoints.http.protocol.peers import is_forwarded, is_within
from plg.settings.values import Networks

METRICS: Final = Operation(
    summary="Figures for Prometheus",
    description="Answered to the networks in `METRICS_ALLOW` only.",
    media_type="text/plain",
    problems=("forbidden_network",),
    tag="health",
)


@dataclass(frozen=True, slots=True)
class MetricsApi:
    """Shows the figures to the operator's networks, and to nobody behind an unknown proxy."""

    read: Callable[[], bytes]
    allowed: Networks
    trusted: Networks

    def endpoints(self) -> list[Endpoint]:
        """Return the routes of metrics."""
        show = Open(self.show)
        return [Endpoint("/metrics", show, METRICS), Endpoint("/prometheus", show, METRICS)]

    async def show(self, context: RequestContext, _scope: Scope) -> Answer:
        """Answer the figures, all workers added up."""
        is_known = is_within(context.peer, self.trusted) and context.address != context.peer
        is_hidden = is_forwarded(context.fields) and not is_known
        if is_hidden or not is_within(context.address, self.allowed):
            return problem("forbidden_network", context.request_id)
        return content(self.read(), CONTENT_TYPE_LATEST.encode(), NO_STORE)
