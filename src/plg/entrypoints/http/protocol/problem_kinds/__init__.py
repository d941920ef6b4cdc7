"""Every kind of problem, by its code."""

from typing import Final

from plg.entrypoints.http.protocol.problem_kinds.access import ACCESS
from plg.entrypoints.http.protocol.problem_kinds.kind import Kind
from plg.entrypoints.http.protocol.problem_kinds.requests import REQUESTS
from plg.entrypoints.http.protocol.problem_kinds.service import SERVICE

KINDS: Final[dict[str, Kind]] = {**REQUESTS, **ACCESS, **SERVICE}
