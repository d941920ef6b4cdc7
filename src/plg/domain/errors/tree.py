"""The root of the tree of failures, and what is not there."""


class PlgError(Exception):
    """Root of the tree; `code` names the class for machines."""

    code = "internal_error"


class NotFound(PlgError):
    """There is nothing of this id, or nothing that the caller may see."""

    code = "not_found"


class Archived(PlgError):
    """It was there, and was moved to a file that is kept elsewhere."""

    code = "archived"


class NoMatch(PlgError):
    """The source has no record under this key."""

    code = "no_match"


class NoSource(PlgError):
    """Records of this kind are not served: no source of them is set."""

    code = "no_source"


class NotCached(PlgError):
    """Only a cached answer was wanted, and none may be served."""

    code = "not_cached"
