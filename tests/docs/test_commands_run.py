"""The commands of the README and the tutorial do what the pages say."""

import json
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.docs import shell
from tests.docs.pages import ROOT, Page, page
from tests.ports import reserved_port

README = Page.at(ROOT / "README.md")
TUTORIAL = page("tutorial.md")
OWN_API = page("own-api.md")
LOG_EXAMPLE = "example: log"
READY_SECONDS = 60


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[shell.Result], Path]:
    folder = tmp_path_factory.mktemp("tutorial")
    return shell.run(shell.steps_of(TUTORIAL), folder, {}), folder


def test_the_commands_of_the_tutorial_succeed(
    tutorial: tuple[list[shell.Result], Path],
) -> None:
    results, folder = tutorial
    logs = {path.name: path.read_text()[-2000:] for path in folder.rglob("*.log")}

    assert [each for each in results if each.status] == [], logs


def test_the_tutorial_shows_what_its_commands_print(
    tutorial: tuple[list[shell.Result], Path],
) -> None:
    results, _ = tutorial

    assert [each for each in results if not each.step.is_met_by(each.output)] == []


def test_the_example_of_a_log_line_has_the_members_of_a_real_one(
    tutorial: tuple[list[shell.Result], Path],
) -> None:
    (example,) = [
        fence for fence in page("operations.md").fences("json") if fence.note == LOG_EXAMPLE
    ]
    _, folder = tutorial
    lines = [
        json.loads(line)
        for path in folder.rglob("gateway.log")
        for line in path.read_text().splitlines()
        if line.startswith("{")
    ]

    (real, *_) = [line for line in lines if line["event"] == "request"]
    assert list(json.loads(example.text)) == list(real)


def test_the_page_on_ones_own_api_does_what_it_says(tmp_path: Path) -> None:
    results = shell.run(shell.steps_of(OWN_API), tmp_path, {})

    assert [each for each in results if each.status or not each.step.is_met_by(each.output)] == []


def test_make_targets_that_pages_name_exist() -> None:
    text = "\n".join(item.read_text() for item in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"))
    pages = [*(ROOT / "docs").rglob("*.md")]
    text += "\n".join(item.read_text(encoding="utf-8") for item in pages)
    named = set(re.findall(r"(?:^ {4}|^\$ |`)make ([a-z-]+)", text, re.MULTILINE))

    assert named
    assert named <= shell.targets_of_makefile()


def test_the_readme_begins_with_make_run_and_make_test() -> None:
    commands = re.findall(r"^ {4}(\w.*?)(?: +#.*)?$", README.text, re.MULTILINE)

    assert commands[:2] == ["make run", "make test"]


def test_make_run_prints_the_lines_of_the_readme_and_they_answer(tmp_path: Path) -> None:
    recipe = re.search(r"^run:.*\n\t@exec \$\(BIN\)/(.*) \$\(ARGS\)$", makefile(), re.MULTILINE)
    assert recipe is not None
    port = reserved_port()
    output = tmp_path / "run.log"
    with shell.started(shlex.split(recipe[1]), tmp_path, port, output) as pid:
        lines = printed_lines(output)
        statuses = [answered(line) for line in lines]
        os.kill(pid, signal.SIGTERM)
    shown = re.findall(r"^ {4}(curl .*)$", README.text, re.MULTILINE)
    anonymous = [re.sub(r"X-API-Key: [^\"]*", "X-API-Key: <>", line) for line in shown]

    assert set(statuses) == {"200"}
    assert len(anonymous) == 4
    for line in anonymous:
        assert line in [
            re.sub(r"X-API-Key: [^\"]*", "X-API-Key: <>", each).replace(str(port), "9600")
            for each in lines
        ]


def test_the_readmes_way_to_an_own_source_works(tmp_path: Path) -> None:
    (tmp_path / "source.toml").write_text(
        '[source.own]\nbase_url = "https://internal.example/api"\n'
        '[resource.own]\nsource = "own"\nget = "/items/{sku}"\nmatch = "/sku"\n'
    )
    source = shell.Step("plg simulate --port 9700 --resources source.toml > source.log 2>&1 &", "")
    up = shell.Step(
        "curl -so /dev/null --retry 20 --retry-connrefused --retry-delay 1 localhost:9700/_stats",
        "",
    )
    ask = shell.Step(
        'curl -s -H "X-API-Key: $API_KEY" localhost:9600/api/v1/items/AB-2',
        '{...,"sku":"AB-2"}\n',
    )
    steps = [source, up, *shell.steps_of(README), ask]

    address = {"https://internal.example/api": "http://localhost:9700/api"}
    results = shell.run(steps, tmp_path, address)

    assert [each for each in results if each.status or not each.step.is_met_by(each.output)] == []


def printed_lines(output: Path) -> list[str]:
    """Return what can be pasted, but what breaks the source."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        text = output.read_text()
        if "Ctrl-C" in text:
            return [line for line in re.findall(r"curl .*", text) if "_control" not in line]
        time.sleep(0.05)
    pytest.fail(f"no curl line in {output.read_text()!r}")


def answered(line: str) -> str:
    """Return the status that a line with curl is answered with."""
    words = [*shlex.split(line), "-s", "-o", "/dev/null", "-w", "%{http_code}"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")
