"""Failures of our own: what is needed cannot be reached in time."""

from plg.domain.errors.tree import PlgError


class Busy(PlgError):
    """Too much slow work waits already."""

    code = "busy"


class LedgerUnavailable(PlgError):
    """What is billable cannot be written down in time, so it is not answered."""

    code = "ledger_unavailable"


class SealBroken(PlgError):
    """What was encrypted cannot be read with the secret that is set, or was changed."""

    code = "seal_broken"


class StorageUnavailable(PlgError):
    """Our own database or cache did not answer within its bound."""

    code = "storage_unavailable"
