"""The table on the terminal, and the same with its circumstances in docs/benchmarks.md."""

from collections.abc import Sequence
from pathlib import Path

from bench.findings import Finding

_BEGIN = "<!-- figures: written by `make bench`, do not edit by hand -->"
_END = "<!-- end of figures -->"
_INTRODUCTION = """\
# Benchmarks

Everything here comes out of one run of `make bench`. All servers ran on the same machine,
each on the same single core, the load on another; they were measured in turn, round after
round. A ratio is the median of the rounds' ratios, with the lowest and highest in brackets.
Ratios can be compared between machines, absolute figures cannot.

A server that was less than 90% busy waited for the load or shared its core with other work.
The ratio per second of processor time, which is no aim, is then the fairer one.

"""
_HEADINGS = ("row", "work", "compared", "measured", "per CPU second", "aim", "outcome")

Named = Sequence[tuple[str, Finding]]


def table(findings: Named) -> str:
    """Return one line for each aim."""
    lines: list[Sequence[str]] = [_HEADINGS, ["---"] * len(_HEADINGS)]
    lines += [
        (
            name,
            finding.work,
            each.what,
            each.measured_text,
            each.per_cpu_text,
            each.aim_text,
            each.outcome,
        )
        for name, finding in findings
        for each in finding.verdicts
    ]
    return _aligned(lines)


def figures(findings: Named) -> str:
    """Return one line for each server's figure."""
    lines: list[Sequence[str]] = [("row", "server", "figure"), ("---", "---", "---")]
    lines += [
        (name, figure.server, figure.text)
        for name, finding in findings
        for figure in finding.figures
    ]
    return _aligned(lines)


def write(
    file: Path, findings: Named, circumstances: Sequence[tuple[str, str]], commands: Sequence[str]
) -> None:
    """Replace the figures in the file, and leave what people wrote around them."""
    blocks = [
        _BEGIN,
        "## Result",
        table(findings),
        "## Figures of each server",
        figures(findings),
        "## Measured on",
        _aligned([("what", "value"), ("---", "---"), *circumstances]),
        "## Commands",
        "```sh\n" + "\n".join(commands) + "\n```",
        _END,
    ]
    text = file.read_text(encoding="utf-8") if file.exists() else f"{_INTRODUCTION}{_BEGIN}{_END}\n"
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    file.parent.mkdir(exist_ok=True)
    file.write_text(before + "\n\n".join(blocks) + after, encoding="utf-8")


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )
