"""Interleaved rounds: A B C, A B C, ..., so that a noisy machine is noisy for all alike."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench.lab import Lab
from bench.load.job import Job, Run
from bench.processes import BenchError, Server
from bench.usage import cpu_seconds

_WARM_UP = -1


@dataclass(frozen=True, slots=True)
class Contender:
    """A server, and what it is asked in which round; named like the server unless it has more."""

    server: Server
    job: Callable[[int], Job]
    own_name: str | None = None

    @property
    def name(self) -> str:
        return self.own_name or self.server.name


@dataclass(frozen=True, slots=True)
class Series:
    """What one contender did in all rounds."""

    name: str
    runs: tuple[Run, ...]

    @property
    def rates(self) -> list[float]:
        return [run.per_second for run in self.runs]

    @property
    def p50s(self) -> list[float]:
        return [run.p50_seconds for run in self.runs]

    @property
    def p99s(self) -> list[float]:
        return [run.p99_seconds for run in self.runs]

    @property
    def busy(self) -> float:
        return statistics.median(run.busy for run in self.runs)

    @property
    def per_cpu_second(self) -> float:
        """What the rate would be with the core to itself and a load that keeps up."""
        return statistics.median(run.per_second / (run.busy or 1) for run in self.runs)


def always(job: Job) -> Callable[[int], Job]:
    """Return the same job for every round."""
    return lambda _round: job


def interleaved(lab: Lab, contenders: Sequence[Contender]) -> dict[str, Series]:
    """Warm every contender up, then measure them in turn, round after round."""
    for contender in contenders:
        _measure(lab, contender, _WARM_UP)
    runs: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
    for round_number in range(lab.plan.rounds):
        for contender in contenders:
            runs[contender.name].append(_measure(lab, contender, round_number))
    return {name: Series(name, tuple(each)) for name, each in runs.items()}


def _measure(lab: Lab, contender: Contender, round_number: int) -> Run:
    seconds = 1 if round_number == _WARM_UP else lab.plan.seconds
    pid = contender.server.process.pid
    used, started = cpu_seconds(pid), time.perf_counter()
    run = lab.load.run(contender.server.port, contender.job(round_number + 1), seconds)
    busy = (cpu_seconds(pid) - used) / (time.perf_counter() - started)
    if run.failures:
        raise BenchError(
            f"{contender.name}: {run.failures} requests failed: {contender.server.last_words()}"
        )
    return replace(run, busy=busy)
