"""Settings of the socket tier, from the environment (`PIXELS_…`) or `.env`; checked at start."""

from __future__ import annotations

from pydantic import Field

from pixels_core.adapters.hosting.setting_types import NetworkList, TextList
from pixels_core.adapters.hosting.settings import CanvasSettings


class SocketSettings(CanvasSettings):
    """What a host can set about sockets, beside the canvas itself."""

    snapshot_seconds: float = Field(
        default=60, gt=0, le=86_400, description="A changed canvas is saved whole this often; the log has the rest."
    )
    retention_days: float | None = Field(
        default=None,
        ge=1,
        description="Log batches (and the pixel history) older than this are forgotten; without it nothing is.",
    )
    allowed_origins: TextList = Field(
        default=(),
        description="Other sites whose pages may use this server (https://example.org); our own page always may.",
    )
    trusted_proxies: NetworkList = Field(
        default=(),
        description="Networks of our reverse proxies (10.0.0.0/8,fd00::/8): only they may say who the client is.",
    )
    max_connections: int = Field(
        default=10_000, ge=1, le=1_000_000, description="Open sockets per process; beyond, newcomers get 429."
    )
    max_connections_per_address: int = Field(
        default=64, ge=1, le=1_000_000, description="Open sockets per client address; beyond, newcomers get 429."
    )
    socket_rate: float = Field(
        default=500,
        gt=0,
        le=1_000_000,
        description="Messages (and pixels in strokes) a second that one socket may send.",
    )
    socket_burst: int = Field(
        default=2_000, ge=300, le=1_000_000, description="Messages and pixels that one socket may send at once."
    )
    stall_seconds: float = Field(
        default=30,
        gt=0,
        le=600,
        description="How long a socket may take nothing of what is sent before it is closed.",
    )
