"""Failures of who asks: not proved, or not allowed."""

from plg.domain.errors.tree import PlgError


class Unauthenticated(PlgError):
    """The caller is not known."""

    code = "unauthenticated"


class MissingCredential(Unauthenticated):
    """No credential was sent."""

    code = "missing_credential"


class InvalidCredential(Unauthenticated):
    """The credential is malformed, unknown, expired or revoked."""

    code = "invalid_credential"


class InvalidLogin(Unauthenticated):
    """There is no account with this address and password; which of them is wrong is not told."""

    code = "invalid_login"


class Forbidden(PlgError):
    """The caller is known, but may not."""

    code = "forbidden"


class InsufficientScope(Forbidden):
    """The caller is known, but lacks `scope`."""

    code = "insufficient_scope"

    def __init__(self, scope: str, text: str | None = None) -> None:
        super().__init__(
            text or f"This needs the scope {scope}, which the credential does not have."
        )
        self.scope = scope


class ForbiddenNetwork(Forbidden):
    """The credential, or the route, may not be used from this address."""

    code = "forbidden_network"


class NotEntitled(Forbidden):
    """The vehicle is in none of the account's fleets; whether there is such a one is not told."""

    code = "not_entitled"

    def __init__(self, *, has_fleets: bool = True) -> None:
        super().__init__(
            "The vehicle is in none of your account's fleets; ask the operator to add it to one."
            if has_fleets
            else "Your account has no fleet any more, and so no vehicle; ask the operator for one."
        )


class AccountInactive(Forbidden):
    """The account was deactivated; told only to who knows its password."""

    code = "account_inactive"


class EmailUnverified(Forbidden):
    """The account's address must be verified first."""

    code = "email_unverified"


class RegistrationClosed(Forbidden):
    """Only the operator makes accounts."""

    code = "registration_closed"
