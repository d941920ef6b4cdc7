"""Fresh hits of a declared resource, among few and among many."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.findings import Finding, rate_ratio, series_figures
from bench.gateway import filled, gateway
from bench.lab import Lab
from bench.load.job import Job
from bench.processes import Server
from bench.records import KEY_HEADER, player_id
from bench.rounds import Contender, always, interleaved

FEW, MANY = 1, 200
CONNECTIONS: Final = 64
_LAST: Final = "/api/v1/kind_{number}/"
_SOURCE: Final = '[source.stock]\nfile = "stock.csv"\n'
_RESOURCE: Final = '[resource.kind_{number}]\nsource = "stock"\nmatch = "/sku"\n'


def resources(lab: Lab) -> Finding:
    """Measure whether a hit costs more where more resources are declared."""
    with _declaring(lab, FEW) as few, _declaring(lab, MANY) as many:
        contenders = [
            Contender(server, always(Job(CONNECTIONS, path=_LAST.format(number=count))))
            for server, count in ((few, FEW), (many, MANY))
        ]
        series = interleaved(lab, contenders)
    ratio = rate_ratio(series[many.name], series[few.name], 0.95)
    return Finding(
        f"fresh memory hit of a declared resource, {FEW} to {MANY} resources",
        [ratio],
        series_figures(list(series.values())),
    )


@contextmanager
def _declaring(lab: Lab, count: int) -> Iterator[Server]:
    file = _declarations(lab.workspace / f"declarations-{count}", count)
    own = {"FAST_LANE": "on", "RESOURCES_FILE": str(file)}
    name = f"{count} resource{'s' if count > 1 else ''}"
    with gateway(lab, filled(lab, count), own, name) as server:
        server.wait_for(_LAST.format(number=count) + player_id(1), KEY_HEADER)
        yield server


def _declarations(folder: Path, count: int) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "stock.csv").write_text(f"sku,left\n{player_id(1)},7\n")
    file = folder / "resources.toml"
    tables = (_RESOURCE.format(number=number) for number in range(1, count + 1))
    file.write_text(_SOURCE + "".join(tables))
    return file
