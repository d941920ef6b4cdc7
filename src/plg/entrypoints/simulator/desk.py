"""The control desk: faults can be read and changed, counts read and reset, by HTTP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from plg.entrypoints.simulator.faults import BadControl, Faults
from plg.entrypoints.simulator.stats import CallStats


@dataclass(frozen=True, slots=True)
class ControlDesk:
    """Serves `/_control` and `/_stats`."""

    show: Callable[[], Faults]
    change: Callable[[Mapping[str, object]], Faults]
    stats: CallStats

    def app(self) -> Starlette:
        """Return the desk as an app that knows these two paths alone."""
        app = Starlette(
            routes=[
                Route("/_control", self.control, methods=["GET", "PUT"]),
                Route("/_stats", self.count, methods=["GET", "DELETE"]),
            ]
        )
        app.router.redirect_slashes = False
        return app

    async def control(self, request: Request) -> Response:
        """Show the faults, after changing those that a PUT names."""
        if request.method != "PUT":
            return JSONResponse(self.show().as_json())
        try:
            return JSONResponse(self.change(_members(await request.body())).as_json())
        except BadControl as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    async def count(self, request: Request) -> Response:
        """Show the counts, after a DELETE those of a new beginning."""
        if request.method == "DELETE":
            self.stats.reset()
        return JSONResponse(self.stats.as_json())


def _members(body: bytes) -> dict[str, object]:
    try:
        return msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadControl(f"not a JSON object: {error}") from error
