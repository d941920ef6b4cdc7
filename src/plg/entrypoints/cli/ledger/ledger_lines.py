"""How differences in the ledger are shown."""

from plg.domain.ledger.verification.findings import Difference


def line_of(difference: Difference) -> str:
    """Return a difference as a line."""
    where = [difference.account_id or "all accounts"]
    if difference.number is not None:
        where.append(difference.number)
    if difference.sequence is not None:
        where.append(f"record {difference.sequence}")
    line = f"{' '.join(where)}: {difference.fault.value}: {difference.detail}"
    if difference.expected is None and difference.found is None:
        return line
    return f"{line}: expected {difference.expected}, found {difference.found}"


def difference_view(difference: Difference) -> dict[str, object]:
    """Return a difference as JSON."""
    return {
        "account_id": difference.account_id,
        "number": difference.number,
        "sequence": difference.sequence,
        "fault": difference.fault.value,
        "detail": difference.detail,
        "expected": difference.expected,
        "found": difference.found,
    }
