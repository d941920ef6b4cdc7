"""What a soak has seen, in figures."""

from tests.integration.http.soak.journal import Loss
from tests.integration.http.soak.rounds import Soak


def figures(soak: Soak, seconds: float) -> str:
    """Return them, one a line."""
    journal, books = soak.journal, soak.books
    endings = ", ".join(f"{count} {ending}" for ending, count in sorted(soak.endings.items()))
    statuses = ", ".join(
        f"{count} x {status}" for status, count in sorted(journal.statuses.items())
    )
    losses = ", ".join(f"{journal.losses[loss]} {loss.name.lower()}" for loss in Loss)
    return "\n".join(
        (
            f"rounds: {endings}, in {seconds:.0f} s",
            f"sent: {len(journal.requests)}; answers: {statuses}",
            f"without an answer: {losses}",
            f"records: {books.records}, of which {books.voids} take others back",
            f"records that stand, and whose answer was not received: {books.unanswered}",
            f"faults: {len(books.faults)}",
        )
    )
