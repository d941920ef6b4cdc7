"""What is written about it."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import structlog

from plg.adapters.telemetry.logs import configure_logging


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


class FullDisk(io.StringIO):
    """A stream that takes nothing any more."""

    def write(self, _text: str) -> int:
        raise OSError("no space left on device")

    def flush(self) -> None:
        raise OSError("no space left on device")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail_with_a_secret_at_hand() -> None:
    secret = "s3cret"
    try:
        _ = 1 / (len(secret) - len(secret))
    except ZeroDivisionError:
        structlog.get_logger().exception("it failed")


def test_a_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    structlog.get_logger().info("it happened", number=7, thing={"a": {1}})
    (line,) = lines(capsys)

    assert (line["event"], line["level"], line["number"]) == ("it happened", "info", 7)
    assert str(line["timestamp"]).endswith("Z")


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("warning", "json")
    structlog.get_logger().info("it happened")

    assert capsys.readouterr().err == ""


def test_lines_of_libraries_look_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug", "json")
    logging.getLogger("library").warning("beware of %s", "dog")
    (line,) = lines(capsys)

    assert (line["event"], line["level"]) == ("beware of dog", "warning")


def test_the_chatter_of_libraries_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug", "json")
    logging.getLogger("library").info("chatter")

    assert capsys.readouterr().err == ""


def test_for_a_person_it_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "console")
    structlog.get_logger().info("it happened", number=7)

    assert "it happened" in capsys.readouterr().err


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_failure_is_written_with_its_traceback(
    capsys: pytest.CaptureFixture[str], style: str
) -> None:
    configure_logging("info", style)
    fail_with_a_secret_at_hand()
    written = capsys.readouterr().err

    assert "ZeroDivisionError" in written
    assert "fail_with_a_secret_at_hand" in written


@pytest.mark.parametrize("style", ["json", "console"])
def test_no_value_that_was_at_hand_is_written(
    capsys: pytest.CaptureFixture[str], style: str
) -> None:
    configure_logging("info", style)
    fail_with_a_secret_at_hand()

    assert "'s3cret'" not in capsys.readouterr().err


def test_a_line_that_cannot_be_written_harms_nobody() -> None:
    with redirect_stderr(FullDisk()):
        configure_logging("info", "json")
        structlog.get_logger().info("it happened")
