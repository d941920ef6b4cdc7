"""One way to serve every ASGI peer: uvicorn as fast as it goes."""

import sys


def uvicorn_command(app: str, port: int) -> list[str]:
    """Return the command; no access log, no proxy headers, uvloop and httptools."""
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port)]
    command += ["--loop", "uvloop", "--http", "httptools", "--ws", "none"]
    command += ["--log-level", "warning", "--no-access-log"]
    return [*command, "--no-proxy-headers", "--no-server-header"]
