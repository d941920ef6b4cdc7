"""Health, without a credential."""

from dataclasses import dataclass
from typing import Final

import msgspec
from starlette.types import Scope

from plg.application.health.check_health import Check, CheckHealth, Health
from plg.entrypoints.http.endpoints import Endpoint, Open, Operation
from plg.entrypoints.http.protocol.answers import Answer, json_answer
from plg.entrypoints.http.protocol.context import RequestContext


class CheckView(msgspec.Struct, omit_defaults=True):
    """How one thing is: ok, degraded or down, and a word on why."""

    status: str
    detail: str | None = None


class ChecksView(msgspec.Struct, omit_defaults=True):
    """The things that PLG stands on; `sources` are the declared ones, by name."""

    database: CheckView
    cache: CheckView
    source: CheckView
    sources: dict[str, CheckView] = {}


class HealthView(msgspec.Struct):
    """The health of PLG as a whole: ok, degraded (it still answers) or down."""

    status: str
    checks: ChecksView


class LiveView(msgspec.Struct):
    """The process runs."""

    status: str


EXAMPLE: Final = {
    "status": "degraded",
    "checks": {
        "database": {"status": "ok"},
        "cache": {"status": "ok"},
        "source": {"status": "degraded", "detail": "the breaker is open"},
    },
}
HEALTH: Final = Operation(
    summary="Health",
    description="200 while requests should be sent here, else 503. The source is never called.",
    answer=HealthView,
    example=EXAMPLE,
    tag="health",
)
LIVE: Final = Operation(
    summary="Whether the process runs",
    description="Always 200.",
    answer=LiveView,
    example={"status": "ok"},
    tag="health",
)


@dataclass(frozen=True, slots=True)
class HealthApi:
    """Says how PLG is."""

    check_health: CheckHealth

    def endpoints(self) -> list[Endpoint]:
        """Return the routes of health."""
        report = Open(self.report)
        return [
            Endpoint("/health/live", Open(self.live), LIVE),
            Endpoint("/health", report, HEALTH),
            Endpoint("/health/ready", report, HEALTH),
            Endpoint("/api/v1/health", report, HEALTH),
        ]

    async def live(self, _context: RequestContext, _scope: Scope) -> Answer:
        """Answer, which says enough."""
        return json_answer(LiveView("ok"))

    async def report(self, _context: RequestContext, _scope: Scope) -> Answer:
        """Look, and answer."""
        health = await self.check_health()
        return json_answer(_render(health), status=200 if health.is_ready else 503)


def _render(health: Health) -> HealthView:
    return HealthView(
        health.status,
        ChecksView(
            _check(health.database),
            _check(health.cache),
            _check(health.source),
            {name: _check(each) for name, each in health.sources.items()},
        ),
    )


def _check(check: Check) -> CheckView:
    return CheckView(check.status, check.detail)
