"""Figures that are read when somebody asks."""

from prometheus_client import CollectorRegistry

from plg.adapters.telemetry.readings import Reading, Readings


def test_a_reading_is_taken_at_the_scrape() -> None:
    registry, now = CollectorRegistry(), [1.0]
    Readings(registry, (Reading("plg_size", "Size", lambda: now[0]),))
    now[0] = 2.0

    assert [metric.samples[0].value for metric in registry.collect()] == [2.0]


def test_a_counter_is_exported_as_one() -> None:
    registry = CollectorRegistry()
    Readings(registry, (Reading("plg_seen", "Seen", lambda: 3, is_counter=True),))

    assert registry.get_sample_value("plg_seen_total") == 3


def test_a_reading_may_have_a_figure_for_each_label() -> None:
    registry = CollectorRegistry()
    states = Reading("plg_state", "State", lambda: {"open": 1.0, "closed": 0.0}, label="state")
    Readings(registry, (states,))

    assert [
        registry.get_sample_value("plg_state", {"state": state}) for state in ("open", "closed")
    ] == [1.0, 0.0]
