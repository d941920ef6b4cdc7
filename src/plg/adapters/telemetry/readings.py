"""Figures that are read when somebody asks, instead of counted when something happens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure, or one for each value of a label: names as Prometheus shows them."""

    name: str
    meaning: str
    read: Callable[[], float | dict[str, float]]
    label: str | None = None
    is_counter: bool = False


class Readings(Collector):
    """Exports readings, taken at the moment of the scrape."""

    def __init__(self, registry: CollectorRegistry, readings: tuple[Reading, ...]) -> None:
        self._readings = readings
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        for reading in self._readings:
            family = CounterMetricFamily if reading.is_counter else GaugeMetricFamily
            labels = [] if reading.label is None else [reading.label]
            metric = family(reading.name, reading.meaning, labels=labels)
            values = reading.read()
            if isinstance(values, dict):
                for label, value in values.items():
                    metric.add_metric([label], value)
            else:
                metric.add_metric([], values)
            yield metric
