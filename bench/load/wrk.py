"""Load from wrk: one thread, with a script where requests differ."""

import re
import shutil
import subprocess
from pathlib import Path

from bench.load.job import Job, LoadGenerator, Order, Run
from bench.processes import BenchError, on_core
from bench.records import player_id

_SCRIPT = Path(__file__).with_name("requests.lua")
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


class Wrk(LoadGenerator):
    """The installed wrk, on one core."""

    name = "wrk"

    def __init__(self, core: int | None) -> None:
        """Take the core that the load may use."""
        self._core = core

    @staticmethod
    def is_installed() -> bool:
        """Whether there is a wrk to run."""
        return shutil.which("wrk") is not None

    def run(self, port: int, job: Job, seconds: int) -> Run:
        """Run wrk once and read its report."""
        with on_core(self._core):
            done = subprocess.run(
                _command(port, job, seconds), capture_output=True, text=True, check=False
            )
        if done.returncode != 0:
            msg = f"wrk: {done.stdout}{done.stderr}"
            raise BenchError(msg)
        return _parse(done.stdout)


def _command(port: int, job: Job, seconds: int) -> list[str]:
    command = ["wrk", "-t1", f"-c{job.connections}", f"-d{seconds}s", "--latency"]
    for name, value in job.headers.items():
        command += ["-H", f"{name}: {value}"]
    address = f"http://127.0.0.1:{port}"
    if job.order is Order.FIXED and not job.has_request_ids:
        return [*command, f"{address}{job.path}{player_id(job.first)}"]
    arguments = (
        job.path, job.order.value, job.first, job.last, int(job.has_request_ids), job.keys or "",
    )  # fmt: skip
    return [*command, "-s", str(_SCRIPT), address, "--", *(str(each) for each in arguments)]


def _parse(report: str) -> Run:
    rate = re.search(r"Requests/sec:\s+([\d.]+)", report)
    middle, last = (re.search(rf"{each}%\s+([\d.]+)(us|ms|s|m)", report) for each in (50, 99))
    if rate is None or middle is None or last is None:
        msg = f"wrk reported: {report}"
        raise BenchError(msg)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", report)
    broken = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", report)
    failures = int(refused[1]) if refused else 0
    failures += sum(int(each) for each in broken.groups()) if broken else 0
    p50, p99 = (float(each[1]) * _UNITS[each[2]] for each in (middle, last))
    return Run(float(rate[1]), p50, p99, failures)
