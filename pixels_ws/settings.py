"""Settings of the socket tier, from the environment (`PIXELS_…`) or `.env`; checked at start."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pixels_core.adapters.setting_types import NetworkList, TextList
from pixels_core.geometry import MAX_SIDE, Size
from pixels_core.state import Limits
from pixels_core.token_bucket import Limit


class SocketSettings(BaseSettings):
    """What a host can set about sockets."""

    model_config = SettingsConfigDict(
        env_prefix="PIXELS_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    canvas: str = Field(
        default="main",
        pattern=r"^[a-z0-9-]{1,32}$",
        description="Name of the canvas: lower-case letters, digits, '-'.",
    )
    width: int = Field(default=900, ge=1, le=MAX_SIDE, description="Width in pixels; fixed once the canvas exists.")
    height: int = Field(default=900, ge=1, le=MAX_SIDE, description="Height in pixels; fixed once the canvas exists.")
    user_rate: float = Field(default=20, gt=0, le=1_000_000, description="Pixels a second that a user may place.")
    user_burst: int = Field(default=200, ge=1, le=1_000_000, description="Pixels that a user may place at once.")
    address_rate: float = Field(
        default=200, gt=0, le=1_000_000, description="Pixels a second that all users of one address may place."
    )
    address_burst: int = Field(
        default=2_000, ge=1, le=1_000_000, description="Pixels that all users of one address may place at once."
    )
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

    @property
    def size(self) -> Size:
        """The canvas's size."""
        return Size(self.width, self.height)

    @property
    def limits(self) -> Limits:
        """The placement limits in force until a moderator sets others."""
        return Limits(Limit(self.user_rate, self.user_burst), Limit(self.address_rate, self.address_burst))
