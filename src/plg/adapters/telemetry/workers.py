"""The figures of several worker processes, added up."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample


class _Family(msgspec.Struct, array_like=True):
    name: str
    meaning: str
    kind: str
    samples: list[tuple[str, dict[str, str], float]]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[_Family])


class WorkerMetrics(Collector):
    """
    Publishes this worker's figures in a folder, and adds those of its siblings to its own.

    Siblings' figures are as old as their last `publish`. What a worker that has ended counted
    still counts; what it held does not.
    """

    def __init__(self, registry: CollectorRegistry, folder: Path) -> None:
        self._registry = registry
        self._folder = folder
        self._path = folder / f"{os.getpid()}.metrics"

    def publish(self) -> None:
        """Write this worker's figures where its siblings find them."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".draft")
        draft.write_bytes(_encoder.encode(_families(self._registry)))
        draft.replace(self._path)

    def collect(self) -> Iterator[Metric]:
        totals: dict[str, Metric] = {}
        sums: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[str, float]] = {}
        for family in self._all():
            totals.setdefault(family.name, Metric(family.name, family.meaning, family.kind))
            for name, labels, value in family.samples:
                key = (name, tuple(sorted(labels.items())))
                sums[key] = (family.name, sums.get(key, ("", 0.0))[1] + value)
        for (name, labels_), (family_name, value) in sums.items():
            totals[family_name].samples.append(Sample(name, dict(labels_), value))
        yield from totals.values()

    def _all(self) -> Iterator[_Family]:
        yield from _families(self._registry)
        for path in self._folder.glob("*.metrics"):
            if path == self._path:
                continue
            is_alive = Path(f"/proc/{path.stem}").exists()
            for family in _decoder.decode(path.read_bytes()):
                if is_alive or family.kind != "gauge":
                    yield family


class WorkerDeaths:
    """Counts workers that died, in the process that starts them, for the others to show."""

    def __init__(self, registry: CollectorRegistry, metrics: WorkerMetrics) -> None:
        self._count = Counter(
            "plg_worker_deaths", "Workers that have died and were replaced", registry=registry
        )
        self._metrics = metrics

    def note(self, count: int = 1) -> None:
        """Count a worker, or none to show that none has died yet."""
        self._count.inc(count)
        with suppress(OSError):  # a full disk: the log has it, and the next one is added
            self._metrics.publish()


def _families(registry: CollectorRegistry) -> list[_Family]:
    return [
        _Family(
            metric.name,
            metric.documentation,
            metric.type,
            [
                (sample.name, sample.labels, sample.value)
                for sample in metric.samples
                if not sample.name.endswith("_created")
            ],
        )
        for metric in registry.collect()
    ]
