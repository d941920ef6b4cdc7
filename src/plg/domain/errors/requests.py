"""Failures of a request: it cannot be understood, or contradicts what is there."""

from plg.domain.errors.tree import PlgError


class InvalidRequest(PlgError):
    """The request contradicts itself or cannot be understood."""

    code = "invalid_request"


class InvalidParameter(InvalidRequest):
    """One parameter, named by `parameter`, cannot be used."""

    code = "invalid_parameter"

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(detail)
        self.parameter = parameter


class WeakPassword(InvalidRequest):
    """The password would be guessed; the message says why."""

    code = "weak_password"


class InvalidLink(InvalidRequest):
    """The mailed link is spent, expired, or none of ours."""

    code = "invalid_link"


class Conflict(PlgError):
    """It contradicts what is there."""

    code = "conflict"


class EmailTaken(Conflict):
    """Another account has the address."""

    code = "email_taken"


class IdempotencyMismatch(Conflict):
    """The idempotency key was used for something else."""

    code = "idempotency_mismatch"


class DeviceTaken(Conflict):
    """The device id belongs to another account, or its secret was not proved."""

    code = "device_taken"


class KeyRevoked(Conflict):
    """The key was revoked, once and for all: it cannot be changed or regenerated."""

    code = "key_revoked"


class LastAdmin(Conflict):
    """Without this account nobody could administrate any more."""

    code = "last_admin"


class TooManyHeld(Conflict):
    """The account has as many of something as it may."""

    code = "too_many_held"
