"""HAProxy in front of a canvas of several processes: one port, as a load balancer would have it."""

from __future__ import annotations

import shutil
from pathlib import Path

from pixels_core.errors import ConfigurationError

from .program import Program, free_port, listens

_TEMPLATE = """\
global
    log stdout format raw local0 warning
    hard-stop-after 2s

defaults
    mode http
    log global
    timeout connect 2s
    timeout client 120s
    timeout server 120s
    timeout tunnel 120s
    option redispatch
    retries 3
    retry-on conn-failure empty-response
    timeout check 2s
    default-server inter 500ms fastinter 250ms fall 2 rise 1

frontend pixels
    bind 127.0.0.1:{port}
    use_backend sockets if {{ path /ws }}
    default_backend api

# Where none is ready, all are as good as any: a node that lives tells its clients what is wrong.
backend sockets
    balance leastconn
    option httpchk GET /readyz
    option allbackups
    option forwardfor
{nodes}

backend api
    balance roundrobin
    option httpchk GET /healthz
    option forwardfor
{apis}
"""


class Proxy(Program):
    """HAProxy: `/ws` goes to the socket nodes that are ready, everything else to the API.

    Args:
        folder: where its configuration is written.
        nodes: the ports of the socket nodes.
        apis: the ports of the API processes.
        port: where it listens; a free port without it.
    """

    def __init__(self, folder: Path, nodes: list[int], apis: list[int], port: int | None = None) -> None:
        self.port = port or free_port()
        program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")
        if program is None:
            raise ConfigurationError("HAProxy is not installed here; run .ci/setup services.")
        lines = [f"    server node{i} 127.0.0.1:{port} check" for i, port in enumerate(nodes)]
        lines += [f"    server spare{i} 127.0.0.1:{port} backup" for i, port in enumerate(nodes)]
        servers = [f"    server api{i} 127.0.0.1:{port} check" for i, port in enumerate(apis)]
        servers += [f"    server spare{i} 127.0.0.1:{port} backup" for i, port in enumerate(apis)]
        configuration = folder / "haproxy.cfg"
        configuration.write_text(
            _TEMPLATE.format(port=self.port, nodes="\n".join(lines), apis="\n".join(servers)), "utf-8"
        )
        super().__init__("HAProxy", [program, "-db", "-f", str(configuration)], lambda: listens(self.port))

    @property
    def url(self) -> str:
        """Where people find the canvas."""
        return f"http://127.0.0.1:{self.port}"
