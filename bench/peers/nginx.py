"""nginx as a keyed, limited cache: `proxy_cache`, a key map and `limit_req`, one worker."""

import os
import shutil
from pathlib import Path
from string import Template

_CONF = Template("""\
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
$user
events { worker_connections 4096; }
http {
    access_log off;
    server_tokens off;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=10000 inactive=1h;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    proxy_cache_path cache levels=1:2 keys_zone=players:16m inactive=1d use_temp_path=off;
    limit_req_zone $$caller zone=callers:1m rate=1000000r/s;
    map $$http_x_api_key $$caller {
        default "";
        "$key" "bench";
    }
    server {
        listen 127.0.0.1:$port backlog=2048;
        location /api/v1/players/ {
            if ($$caller = "") { return 401; }
            limit_req zone=callers burst=100000 nodelay;
            proxy_pass http://127.0.0.1:$origin;
            proxy_cache players;
            proxy_cache_key $$uri;
            proxy_cache_valid 200 1d;
            proxy_cache_lock on;
            add_header Cache-Status $$upstream_cache_status;
        }
    }
}
""")


def find_nginx() -> str | None:
    """Return the installed nginx; some systems keep it off the users' path."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def nginx_command(binary: str, folder: Path, *, port: int, origin: int, key: str) -> list[str]:
    """Write the configuration into the folder; return the command that serves it."""
    folder.mkdir(parents=True, exist_ok=True)
    conf = folder / "nginx.conf"
    user = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    conf.write_text(_CONF.substitute(user=user, key=key, port=port, origin=origin))
    return [binary, "-p", str(folder), "-c", str(conf), "-e", "stderr"]
