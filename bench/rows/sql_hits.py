"""Hits in the SQL tier: random players, nothing in memory, 32 connections."""

from contextlib import ExitStack

from bench.findings import Finding, latency_ratio, rate_ratio, series_figures
from bench.gateway import COLD_MEMORY, filled, gateway
from bench.lab import Lab
from bench.load.job import Job, Order
from bench.peers.servers import ONE_PLAYER, plain, plain_database
from bench.records import KEY_HEADER
from bench.rounds import Contender, always, interleaved

CONNECTIONS = 32


def sql_hit(lab: Lab) -> Finding:
    """Measure reads of 100,000 rows against the plain version."""
    rows = lab.plan.scaled(100_000)
    job = _anyone_of(rows)
    with (
        gateway(lab, filled(lab, rows), COLD_MEMORY) as ours,
        plain(lab, plain_database(lab, rows)) as theirs,
    ):
        theirs.wait_for(ONE_PLAYER, KEY_HEADER)
        contenders = [Contender(each, always(job)) for each in (ours, theirs)]
        series = interleaved(lab, contenders)
    return Finding(
        f"SQL-tier hit ({rows:,} rows, 32 concurrent)",
        [rate_ratio(series["plg"], series["plain"], 3.0)],
        series_figures(list(series.values())),
    )


def growth(lab: Lab) -> Finding:
    """Measure the same read among a thousand rows and among a million."""
    sizes = (1000, lab.plan.scaled(1_000_000))
    with ExitStack() as stack:
        contenders = []
        for rows in sizes:
            data = filled(lab, rows)
            server = stack.enter_context(gateway(lab, data, COLD_MEMORY, name=f"plg-{rows}"))
            job = _anyone_of(rows)
            contenders.append(Contender(server, always(job)))
        small, large = interleaved(lab, contenders).values()
    return Finding(
        f"growth: {sizes[0]:,} to {sizes[1]:,} cached rows, SQL-tier hit",
        [latency_ratio(large, small, "p50, many rows to few", 1.2)],
        series_figures([small, large]),
    )


def _anyone_of(rows: int) -> Job:
    return Job(CONNECTIONS, order=Order.RANDOM, first=1, last=rows)
