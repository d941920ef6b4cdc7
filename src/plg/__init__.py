"""PLG: a cached, keyed, rate-limited, metered read API in front of a slow or private source."""

from importlib.metadata import version

__version__ = version("plg")
