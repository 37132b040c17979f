"""The built web client, served from memory: what is not in its folder at the start cannot be asked for.

Each file is read, hashed and compressed once. So there is no path to escape from, and a first visit costs no work.
"""

from __future__ import annotations

import hashlib
import logging
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from pixels_core.errors import ClientFault, ConfigurationError, ReasonCode

from .compression import compress
from .negotiation import Encoding, choose_encoding, matches

_MAX_BYTES = 64 * 1024 * 1024
"""A build is a few hundred kilobytes; more than this is another folder by mistake."""
_COMPRESSIBLE = re.compile(r"text/|application/(?:javascript|json|manifest\+json|wasm)|image/svg\+xml")
_HASHED = re.compile(r"assets/.+-[\w-]{8,}\.\w+")
"""How Vite names what never changes: assets/index-BZ0Rc8sd.js."""
_LEVEL = 9
_FOREVER = "public, max-age=31536000, immutable"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClientFile:
    """One file with its smaller forms."""

    media_type: str
    cache_control: str
    digest: str
    bodies: Mapping[Encoding, bytes]

    @classmethod
    def read(cls, path: Path, name: str) -> ClientFile:
        """Read a file of the client."""
        data = path.read_bytes()
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        bodies = {Encoding.IDENTITY: data}
        if _COMPRESSIBLE.match(media_type):
            smaller = {encoding: compress(data, encoding, _LEVEL) for encoding in (Encoding.BROTLI, Encoding.GZIP)}
            bodies |= {encoding: body for encoding, body in smaller.items() if len(body) < len(data)}
        cache_control = _FOREVER if _HASHED.fullmatch(name) else "no-cache"
        return cls(media_type, cache_control, hashlib.blake2b(data, digest_size=12).hexdigest(), bodies)

    def answer(self, accept_encoding: str | None, if_none_match: str | None) -> Response[bytes]:
        """Return the file, or 304 where the browser has it."""
        encoding = choose_encoding(accept_encoding)
        if encoding not in self.bodies:
            encoding = Encoding.IDENTITY
        tag = f'"{self.digest}-{encoding}"'
        headers = {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": self.cache_control}
        if matches(if_none_match, tag):
            return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
        if encoding is not Encoding.IDENTITY:
            headers["Content-Encoding"] = encoding
        return Response(self.bodies[encoding], media_type=self.media_type, headers=headers)


class ClientFiles:
    """The files by their name, "index.html" among them."""

    def __init__(self, files: Mapping[str, ClientFile]) -> None:
        self._files = files

    @classmethod
    def load(cls, folder: Path) -> ClientFiles:
        """Read a folder; raises ConfigurationError where it cannot be a built client."""
        paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
        size = sum(path.stat().st_size for path in paths.values())
        if "index.html" not in paths or size > _MAX_BYTES:
            raise ConfigurationError(f"{folder} is not a built client: it has no index.html or is too large.")
        files = {
            name: ClientFile.read(path, name)
            for name, path in paths.items()
            if folder.resolve() in path.resolve().parents and not name.endswith(".map")
        }
        _log.info("Serving the client: %d files, %d bytes.", len(files), size)
        return cls(files)

    def find(self, path: str) -> ClientFile:
        """Return a file, or the page itself for an address of its own; raises ClientFault `not_found`."""
        name = path.strip("/") or "index.html"
        found = self._files.get(name)
        if found is None and "." not in name.rsplit("/", 1)[-1] and not name.startswith("assets/"):
            found = self._files["index.html"]
        if found is None:
            raise ClientFault(code=ReasonCode.NOT_FOUND)
        return found


def client_route(files: ClientFiles) -> HTTPRouteHandler:
    """Return the handler of everything that no other route answers."""

    @get(["/", "/{path:path}"], include_in_schema=False, media_type="application/octet-stream", sync_to_thread=False)
    def show_client(request: Request[Any, Any, Any], path: FromPath[str] = "/") -> Response[bytes]:
        """Return a file of the web client."""
        headers = request.headers
        return files.find(path).answer(headers.get("accept-encoding"), headers.get("if-none-match"))

    return show_client
