"""Settings of the socket tier, from the environment (`PIXELS_…`) or `.env`; checked at start, one sentence a mistake."""

from __future__ import annotations

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pixels_core.client_address import parse_network


class SocketSettings(BaseSettings):
    """What a host can set about sockets."""

    model_config = SettingsConfigDict(env_prefix="PIXELS_", env_file=".env", extra="ignore", frozen=True)

    allowed_origins: list[str] = Field(
        default=[],
        description="Origins besides the server's own whose pages may connect, as a JSON list of https://host[:port].",
    )
    trusted_proxies: list[str] = Field(
        default=[],
        description="Networks of reverse proxies whose X-Forwarded-For is believed, as a JSON list of CIDR blocks.",
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

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, value: list[str]) -> list[str]:
        for network in value:
            parse_network(network)
        return value
