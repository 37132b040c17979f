"""Settings that more than one process kind needs: the canvas, where its log is, which bus, where to listen.

All come from the environment (`PIXELS_…`) or `.env`. The tiers add their own in `pixels_api.settings` and
`pixels_ws.settings`; `.env.example` shows every one of them.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pixels_core.canvas.geometry import MAX_SIDE, Size
from pixels_core.rules.state import Limits
from pixels_core.rules.token_bucket import RateLimit
from pixels_core.web.tokens import MIN_SECRET_BYTES

CONFIG = SettingsConfigDict(
    env_prefix="PIXELS_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, validate_default=True
)


class LogKind(StrEnum):
    """Where the log and the records are."""

    SQLITE = "sqlite"
    DYNAMODB = "dynamodb"


class BusKind(StrEnum):
    """What connects the sequencer and those who serve clients."""

    MEMORY = "memory"
    REDIS = "redis"


class CanvasSettings(BaseSettings):
    """The canvas and its placement limits."""

    model_config = CONFIG

    canvas: str = Field(
        default="main",
        pattern=r"^[a-z0-9-]{1,32}$",
        description="Name of the canvas: a-z, 0-9 and '-'.",
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

    @property
    def size(self) -> Size:
        """The canvas's size."""
        return Size(self.width, self.height)

    @property
    def limits(self) -> Limits:
        """The placement limits in force until a moderator sets others."""
        return Limits(RateLimit(self.user_rate, self.user_burst), RateLimit(self.address_rate, self.address_burst))


class ServerSettings(BaseSettings):
    """A serving process: where it listens, and what it is connected to."""

    model_config = CONFIG

    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 for all of this machine's.")
    port: int = Field(default=8000, ge=1, le=65_535, description="Port to listen on.")
    secret: str | None = Field(
        default=None,
        min_length=MIN_SECRET_BYTES,
        description="Signs sessions; the standalone server draws one and keeps it in the data directory.",
    )
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much is logged.")
    data: Path = Field(default=Path("data"), description="Directory of the SQLite log and the session secret.")
    log: LogKind = Field(default=LogKind.SQLITE, description="Where the log and the pixel records are.")
    bus: BusKind = Field(default=BusKind.MEMORY, description="What connects the processes; memory for just one.")
    redis_url: str = Field(
        default="redis://127.0.0.1:6379/0",
        pattern=r"^(rediss?|unix)://",
        description="The bus, where it is Redis or Valkey: redis://user:password@host:port/0, or rediss:// with TLS.",
    )
    node: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Name of this process on the bus, unique; drawn where there is none.",
    )
