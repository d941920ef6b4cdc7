"""What a row found out: figures of each server, and how they stand against the aims."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.rounds import Series


@dataclass(frozen=True, slots=True)
class Verdict:
    """One aim, and what was measured for it."""

    what: str
    measured: float
    aim: float
    form: str = "{:.2f} times"
    is_ceiling: bool = False
    spread: tuple[float, float] | None = None
    per_cpu: float | None = None

    @property
    def outcome(self) -> str:
        """Return "met", or by how much the aim was missed."""
        if math.isnan(self.measured):
            return "not measured"
        short = self.measured - self.aim if self.is_ceiling else self.aim - self.measured
        if short <= 0:
            return "met"
        return f"missed by {100 * short / self.aim:.0f}%" if self.aim else "missed"

    @property
    def aim_text(self) -> str:
        return f"at {'most' if self.is_ceiling else 'least'} {self.form.format(self.aim)}"

    @property
    def per_cpu_text(self) -> str:
        return "" if self.per_cpu is None else self.form.format(self.per_cpu)

    @property
    def measured_text(self) -> str:
        text = self.form.format(self.measured)
        if self.spread is None:
            return text
        number = f"{self.form.partition('}')[0]}}}"
        low, high = (number.format(each) for each in self.spread)
        return f"{text} ({low} to {high})"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one server, for those who want to know where a ratio comes from."""

    server: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """All that one row has to say."""

    work: str
    verdicts: Sequence[Verdict]
    figures: Sequence[Figure] = field(default_factory=tuple)


def rate_ratio(ours: Series, theirs: Series, aim: float, what: str | None = None) -> Verdict:
    """Compare answers a second, round by round."""
    ratios = [mine / other for mine, other in zip(ours.rates, theirs.rates, strict=True)]
    return Verdict(
        what or f"to {theirs.name}",
        statistics.median(ratios),
        aim,
        spread=(min(ratios), max(ratios)),
        per_cpu=ours.per_cpu_second / theirs.per_cpu_second,
    )


def latency_ratio(ours: Series, theirs: Series, what: str, aim: float) -> Verdict:
    """Compare medians of the time an answer takes, round by round."""
    return _at_most(ours.p50s, theirs.p50s, what, aim)


def tail_ratio(ours: Series, theirs: Series, what: str, aim: float) -> Verdict:
    """Compare the time that one answer in a hundred exceeds, round by round."""
    return _at_most(ours.p99s, theirs.p99s, what, aim)


def _at_most(ours: Sequence[float], theirs: Sequence[float], what: str, aim: float) -> Verdict:
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return Verdict(
        what, statistics.median(ratios), aim, is_ceiling=True, spread=(min(ratios), max(ratios))
    )


def series_figures(series: Sequence[Series]) -> list[Figure]:
    """Return answers a second, p50, p99 and how busy the server was."""
    return [
        Figure(
            each.name,
            f"{statistics.median(each.rates):,.0f}/s, p50 {_time(statistics.median(each.p50s))}, "
            f"p99 {_time(statistics.median(each.p99s))}, "
            f"server {each.busy:.0%} busy, {each.per_cpu_second:,.0f} per CPU second",
        )
        for each in series
    ]


def _time(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} us" if seconds < 1e-3 else f"{seconds * 1e3:,.1f} ms"
