"""How the servers were started, for the report: no path or port of this machine."""

from pathlib import Path

from bench.gateway import COMMAND, settings
from bench.peers.uvicorn import uvicorn_command
from bench.records import API_KEY


def commands() -> list[str]:
    """Return one line for each server and load."""
    own = settings(Path("DATA"), 0, {})
    own |= {"API_PORT": "PORT", "API_KEY": "KEY"}
    environment = " ".join(f"{name}={value}" for name, value in own.items())
    lines = [f"{environment} \\\n  python {' '.join(COMMAND[1:])}"]
    for app in ("raw_asgi:app", "plain:app", "source:app", "drf.wsgi:application"):
        command = uvicorn_command(f"bench.peers.{app}", 0)[1:]
        lines.append("python " + " ".join(command).replace("--port 0", "--port PORT"))
    lines[-1] += " --interface wsgi"
    lines.append("nginx -p FOLDER -c FOLDER/nginx.conf  # written by bench/peers/nginx.py")
    lines.append("wrk -t1 -c64 -d2s --latency -H 'X-API-Key: KEY' URL")
    return [line.replace(API_KEY, "KEY") for line in lines]
