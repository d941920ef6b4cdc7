"""What can be said of the settings, the data folder and the clock from where we stand."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from plg.entrypoints.cli.doctor.findings import MADE_ON_START, Finding, fine, remark, wrong
from plg.entrypoints.cli.output import moment, size, span
from plg.settings import Settings

KEY_LENGTH_GOOD = 20
MAKE_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
SPACE_NEEDED = 100 * 1024 * 1024
SPACE_GOOD = 1024 * 1024 * 1024
CLOCK_SLACK_SECONDS = 60.0


def examine_settings(settings: Settings) -> Iterator[Finding]:
    """Examine what was decided: key, source, processes."""
    key = settings.access.service_key
    make = f"make a key with {MAKE_KEY} and set it as API_KEY"
    if key is None:
        yield fine("API_KEY", "not set: there is no service key, accounts' credentials are good")
    elif len(key) < KEY_LENGTH_GOOD:
        yield remark("API_KEY", f"set, with fewer than {KEY_LENGTH_GOOD} characters", make)
    else:
        yield fine("API_KEY", "set")
    workers = settings.server.workers
    if workers > 1:
        yield remark(
            "API_WORKERS",
            f"{workers} processes without Redis: rate limits multiply by {workers}, and collapse "
            "and the breaker hold per process",
            "nothing, if that is meant",
        )
    else:
        yield fine("API_WORKERS", "1 process")


def examine_folder(folder: Path) -> Finding:
    """Examine where the data is kept."""
    subject = f"data folder {folder}"
    there = next(each for each in (folder, *folder.absolute().parents) if os.path.lexists(each))
    verb = "written" if there == folder else f"made in {there}"
    if not there.is_dir():
        return wrong(subject, f"cannot be {verb}: that is not a folder", "choose another DATA_DIR")
    try:
        with tempfile.TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free
    except OSError as error:
        advice = "let the user who runs plg write there, or choose another DATA_DIR"
        return wrong(subject, f"cannot be {verb}: {error.strerror}", advice)
    if there != folder:
        return remark(subject, "does not exist yet", MADE_ON_START)
    return examine_space(subject, free)


def examine_gateways(running: Sequence[int]) -> Finding:
    """Examine which processes serve from the data folder."""
    count = len(running)
    if count > 1:
        return remark(
            "gateways",
            f"{count} serve from this data folder, as processes {', '.join(map(str, running))}: "
            f"rate limits multiply by {count}, collapse and the breaker hold for each by itself",
            "stop all but one; for more processes set API_WORKERS",
        )
    return fine("gateways", f"process {running[0]} serves" if running else "none runs")


def examine_space(subject: str, free: int) -> Finding:
    """Examine the room that is left, in bytes."""
    if free < SPACE_NEEDED:
        return wrong(subject, f"{size(free)} free", "make room: the databases need to grow")
    if free < SPACE_GOOD:
        return remark(subject, f"{size(free)} free", "make room before long")
    return fine(subject, f"writable, {size(free)} free")


def examine_clock(now: float, folder: Path, offset: float | None) -> Finding:
    """Examine the clock against the source's, or else against what was written last."""
    set_it = "set the clock, and keep it right with NTP"
    if offset is not None:
        if abs(offset) <= CLOCK_SLACK_SECONDS:
            return fine("clock", f"within {span(CLOCK_SLACK_SECONDS)} of the source's clock")
        way = "behind" if offset > 0 else "ahead of"
        return wrong("clock", f"{span(offset)} {way} the source's", set_it)
    written = max((path.stat().st_mtime for path in folder.glob("*.sqlite3*")), default=now)
    if written > now + CLOCK_SLACK_SECONDS:
        return wrong("clock", f"the databases were written later, at {moment(written)}", set_it)
    return fine("clock", f"{moment(now)}; the source tells no time to compare")
