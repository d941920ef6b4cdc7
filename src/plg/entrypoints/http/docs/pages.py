"""Pages for people: the guide, Swagger UI, ReDoc, and what each problem means."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from plg.entrypoints.http.docs.guide import guide_html, guide_path
from plg.entrypoints.http.endpoints import Endpoint, Open
from plg.entrypoints.http.protocol.answers import JSON, Answer, content
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.errors import problem
from plg.entrypoints.http.protocol.fields import Field, join_lines
from plg.entrypoints.http.protocol.problem_kinds import KINDS

STATIC: Final = Path(__file__).parent / "static"
HTML: Final = b"text/html; charset=utf-8"
EMPTY_STYLE: Final = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"  # of ReDoc's <style>
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; "
    f"style-src 'self' {EMPTY_STYLE}; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
).encode()
ICON: Final = "swagger-ui-dist/favicon-32x32.png"
PUBLIC: Final[Field] = (b"cache-control", b"public, max-age=3600")

_CODE: Final = re.compile(r"`([^`]*)`")
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}
</head>
<body>
{body}
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class DocumentPages:
    """
    Serves the documents.

    Args:
        docs_path: "" for the usual paths, "off" for none, else the path that they move to.
        base_url: Where this installation is reached.
        document: Returns the OpenAPI document as JSON.
    """

    docs_path: str
    base_url: str
    document: Callable[[], bytes]

    def endpoints(self) -> list[Endpoint]:
        """Return the pages' routes."""
        problems = Endpoint("/problems/{code}", Open(self.problem))
        if self.docs_path == "off":
            return [problems]
        swagger, redoc = Open(self.swagger_ui), Open(self.redoc)
        guide = Endpoint(guide_path(self.docs_path), Open(self.guide))
        if self.docs_path:
            return [
                problems,
                guide,
                Endpoint(f"{self.docs_path}/docs", swagger),
                Endpoint(f"{self.docs_path}/redoc", redoc),
                Endpoint(f"{self.docs_path}/openapi.json", Open(self.openapi)),
            ]
        return [
            problems,
            guide,
            Endpoint("/", Open(self.home)),
            Endpoint("/openapi.json", Open(self.openapi)),
            Endpoint("/api/docs", swagger),
            Endpoint("/api/v1/docs", swagger),
            Endpoint("/api/redoc", redoc),
            Endpoint("/api/v1/redoc", redoc),
        ]

    def mounts(self) -> list[BaseRoute]:
        """Return the routes of scripts and styles."""
        if self.docs_path == "off":
            return []
        return [Mount(self._assets, _Assets(self._assets))]

    @property
    def _assets(self) -> str:
        return f"{self.docs_path or '/api/docs'}/assets"

    @property
    def _icon(self) -> str:
        return f'<link rel="icon" type="image/png" href="{self._assets}/{ICON}">'

    @property
    def _openapi(self) -> str:
        return f"{self.docs_path}/openapi.json"

    async def home(self, _context: RequestContext, _scope: Scope) -> Answer:
        """Send people to the documentation."""
        return Answer(307, join_lines([(b"location", b"/api/docs"), (b"content-length", b"0")]))

    async def openapi(self, _context: RequestContext, _scope: Scope) -> Answer:
        """Answer the OpenAPI document."""
        return content(self.document(), JSON, PUBLIC)

    async def guide(self, _context: RequestContext, _scope: Scope) -> Answer:
        """Answer how the API is used, step by step."""
        docs = self.docs_path or "/api"
        head = f'{self._icon}\n<link rel="stylesheet" href="{self._assets}/guide.css">'
        body = (
            f'<nav><a href="{docs}/docs">Try it</a> <a href="{docs}/redoc">Reference</a></nav>\n'
            f"<main>\n{guide_html(self.base_url, self.docs_path)}</main>"
        )
        return self._page("PLG: how to use this API", head, body)

    async def swagger_ui(self, _context: RequestContext, _scope: Scope) -> Answer:
        """Answer the page on which operations can be tried."""
        package = f"{self._assets}/swagger-ui-dist"
        head = (
            f'{self._icon}\n<link rel="stylesheet" href="{package}/swagger-ui.css">\n'
            f'<link rel="stylesheet" href="{self._assets}/swagger.css">'
        )
        body = (
            f'<div id="swagger-ui" data-openapi="{self._openapi}"></div>\n'
            f'<script src="{package}/swagger-ui-bundle.js"></script>\n'
            f'<script src="{self._assets}/swagger-start.js"></script>'
        )
        return self._page("PLG: API", head, body)

    async def redoc(self, _context: RequestContext, _scope: Scope) -> Answer:
        """Answer the reference."""
        body = (
            f'<div id="redoc" data-openapi="{self._openapi}"></div>\n'
            f'<script type="module" src="{self._assets}/redoc-start.js"></script>'
        )
        head = f'{self._icon}\n<link rel="stylesheet" href="{self._assets}/redoc.css">'
        return self._page("PLG: API reference", head, body)

    async def problem(self, context: RequestContext, scope: Scope) -> Answer:
        """Explain a problem code."""
        code = scope["path_params"]["code"]
        kind = KINDS.get(code)
        if kind is None:
            return problem("not_found", context.request_id)
        body = (
            f"<h1>{html.escape(kind.title)}</h1>\n"
            f"<p><code>{html.escape(code)}</code>, status {kind.status.value}</p>\n"
            f"<p>{_as_html(kind.when)}</p>\n"
            f"<p>{_as_html(kind.advice)}</p>"
        )
        # Everybody may see this page: it must not tell where the documents were moved to.
        return self._page(kind.title, "" if self.docs_path else self._icon, body)

    def _page(self, title: str, head: str, body: str) -> Answer:
        page = _PAGE.format(title=html.escape(title), head=head, body=body)
        return content(page.encode(), HTML, PUBLIC, policy=PAGE_POLICY)


def _as_html(text: str) -> str:
    """Return a text for people as HTML; what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(text))


@dataclass(frozen=True, slots=True)
class _Assets:
    label: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["plg.exchange"].route = self.label
        await _files(scope, receive, send)


_files = StaticFiles(directory=STATIC)
