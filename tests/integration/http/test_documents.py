"""Documents: where they are, that they move, that they need nobody else."""

import re

import pytest

from tests.integration.http.conftest import OpenGateway
from tests.integration.http.gateway import Gateway

PAGES = ["/api/docs", "/api/docs/guide", "/api/v1/docs", "/api/redoc", "/api/v1/redoc"]
DOCUMENTS = [*PAGES, "/openapi.json"]
ASSETS = ["swagger-ui-dist/swagger-ui.css", "swagger-ui-dist/swagger-ui-bundle.js",
          "swagger-start.js", "redoc-start.js", "guide.css", "swagger.css", "redoc.css",
          "redoc/redoc.standalone.js"]  # fmt: skip


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("slash", ["", "/"])
async def test_documents_are_for_everybody(gateway: Gateway, path: str, slash: str) -> None:
    async with gateway.client(headers={}) as client:
        assert (await client.get(path + slash)).status_code == 200


async def test_the_root_goes_to_the_documents(gateway: Gateway) -> None:
    answer = await gateway.get("/")

    assert answer.status_code == 307
    assert answer.headers["location"] == "/api/docs"


@pytest.mark.parametrize("path", PAGES)
async def test_whatever_a_page_loads_is_its_own_and_is_there(gateway: Gateway, path: str) -> None:
    page = await gateway.get(path)
    links = re.findall(r'(?:src|href|data-openapi)="([^"#][^"]*)"', page.text)

    assert len(links) >= 2
    for link in links:
        assert link.startswith("/")
        assert (await gateway.get(link)).status_code == 200
    assert not re.search(r"<script(?! [^>]*src=)|<style|\son[a-z]+=|style=", page.text)
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "http" not in page.headers["content-security-policy"]


@pytest.mark.parametrize("asset", ASSETS)
async def test_an_asset_is_served_with_its_type_and_a_validator(
    gateway: Gateway, asset: str
) -> None:
    answer = await gateway.get(f"/api/docs/assets/{asset}")

    assert answer.headers["content-type"].split(";")[0] in ("text/css", "text/javascript")
    again = await gateway.get(f"/api/docs/assets/{asset}", if_none_match=answer.headers["etag"])
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    ["../pages.py", "%2e%2e/pages.py", "..%2fpages.py", "/etc/passwd", "", "%00", "x" * 5000,
     "swagger-ui-dist", "swagger-start.js/x"],
)  # fmt: skip
async def test_nothing_but_assets_is_among_the_assets(gateway: Gateway, path: str) -> None:
    answer = await gateway.get(f"/api/docs/assets/{path}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_documents_can_be_moved_where_nobody_finds_them(open_: OpenGateway) -> None:
    gateway = await open_(DOCS_PATH="/k3v9/hidden")

    for path in ("/", *DOCUMENTS, "/api/docs/assets/swagger-start.js", "/k3v9", "/k3v9/hidden"):
        assert (await gateway.get(path)).status_code == 404
    for path in ("docs", "docs/guide", "redoc", "openapi.json", "assets/swagger-start.js"):
        assert (await gateway.get(f"/k3v9/hidden/{path}")).status_code == 200
    page = await gateway.get("/k3v9/hidden/docs/")
    assert 'data-openapi="/k3v9/hidden/openapi.json"' in page.text


async def test_moved_documents_are_named_on_no_page(open_: OpenGateway) -> None:
    gateway = await open_(DOCS_PATH="/k3v9")

    for path in ("/problems/no_match", "/nowhere", "/health", "/metrics", "/problems/x"):
        assert "k3v9" not in (await gateway.get(path)).text


async def test_documents_can_be_off(open_: OpenGateway) -> None:
    gateway = await open_(DOCS_PATH="off")

    for path in ("/", *DOCUMENTS, "/api/docs/assets/swagger-start.js", "/off/docs", "off/docs"):
        assert (await gateway.get(path)).status_code == 404
    assert (await gateway.get("/problems/no_match")).status_code == 200


async def test_the_guide_names_this_installation_and_where_its_documents_are(
    open_: OpenGateway,
) -> None:
    gateway = await open_(DOCS_PATH="/k3v9", PUBLIC_BASE_URL="https://api.example.org")

    guide = (await gateway.get("/k3v9/docs/guide")).text

    assert '<code class="language-sh">export PLG=https://api.example.org\n</code>' in guide
    assert "<code>/k3v9/openapi.json</code>" in guide
    assert 'href="/k3v9/redoc"' in guide
    assert not re.search(r"localhost|/api/docs|<!--|&lt;!--", guide)


async def test_each_link_of_the_guide_leads_somewhere(gateway: Gateway) -> None:
    guide = (await gateway.get("/api/docs/guide")).text
    links = set(re.findall(r'href="([^"]*)"', guide))
    names = set(re.findall(r'id="([^"]*)"', guide))

    assert {"#tokens", "/api/docs", "/api/redoc"} <= links
    for link in links:
        if link.startswith("#"):
            assert link[1:] in names
        else:
            assert (await gateway.get(link)).status_code == 200, link


@pytest.mark.parametrize(
    ("docs_path", "guide"), [("", "/api/docs/guide"), ("/k3", "/k3/docs/guide")]
)
async def test_the_openapi_document_leads_to_the_guide(
    open_: OpenGateway, docs_path: str, guide: str
) -> None:
    gateway = await open_(DOCS_PATH=docs_path)
    document = (await gateway.get(f"{docs_path}/openapi.json")).json()

    assert f"]({guide})" in document["info"]["description"]
