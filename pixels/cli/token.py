"""`pixels token`: sign somebody in as a moderator, an admin or a viewer."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from pixels_core.adapters.hosting.clock import SystemClock
from pixels_core.adapters.hosting.process import readable_settings
from pixels_core.adapters.hosting.secret_file import read_secret
from pixels_core.adapters.hosting.settings import ServerSettings
from pixels_core.protocol.messages import Role
from pixels_core.web.tokens import Session, TokenSigner, clean_name

from .arguments import UrlOption

_DAY_MS = 86_400_000
_ID_BYTES = 8


def token(
    role: Annotated[Role, typer.Option(help="What the session may do.")] = Role.MODERATOR,
    name: Annotated[str | None, typer.Option(help="Display name.")] = None,
    user: Annotated[str | None, typer.Option(help="User id, to go on as somebody; without it a new one.")] = None,
    days: Annotated[float, typer.Option(min=0.001, max=365, help="How long it is valid.")] = 30,
    data: Annotated[Path | None, typer.Option(help="The server's data directory.", show_default="data")] = None,
    url: UrlOption = "http://127.0.0.1:8000",
) -> None:
    """Make a session token and a link that signs a browser in with it.

    It needs the server's secret, from PIXELS_SECRET or its data directory. Whoever has the link is signed in: send it
    as you would send a password.

    Examples:  pixels token --name Ann  ·  pixels token --role admin --days 1 --data /var/lib/pixels
    """
    with readable_settings():
        settings = ServerSettings() if data is None else ServerSettings(data=data)
    session = Session(
        user=user or f"u_{secrets.token_hex(_ID_BYTES)}",
        name=clean_name(name),
        role=role,
        expires_at=SystemClock().now() + int(days * _DAY_MS),
    )
    signed = TokenSigner(read_secret(settings)).sign(session)
    typer.echo(f"token  {signed}")
    typer.echo(f"link   {url.rstrip('/')}/#signin={signed}")
