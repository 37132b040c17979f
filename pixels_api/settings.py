"""Every option of the REST tier, from `PIXELS_…` in the environment or an `.env` file, checked before a start."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pixels_core.adapters.hosting.setting_types import NetworkList, TextList
from pixels_core.units import Milliseconds


class ApiSettings(BaseSettings):
    """The options of the REST tier."""

    model_config = SettingsConfigDict(
        env_prefix="PIXELS_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    session_days: int = Field(default=30, ge=1, le=365, description="How long a session lasts, in days.")
    cookie_secure: Literal["auto", "always", "never"] = Field(
        default="auto",
        description="Whether browsers send the session cookie over HTTPS only; auto: when it was made over HTTPS.",
    )
    trusted_proxies: NetworkList = Field(
        default=(),
        description="Networks of our reverse proxies (10.0.0.0/8,fd00::/8): only they may say who the client is.",
    )
    allowed_origins: TextList = Field(
        default=(),
        description="Other sites whose pages may use this server (https://example.org); our own page always may.",
    )
    gateway_base_path: str = Field(
        default="",
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="Where a custom domain of API Gateway publishes the Lambda function, as /pixels; else at /.",
    )
    client_dir: Path | None = Field(
        default=None, description="Folder of the built web client, served at /; without it only the API is served."
    )
    sessions_per_minute: int = Field(
        default=120, ge=1, le=1_000_000, description="How many sessions one address may open or renew in a minute."
    )
    exports_per_minute: int = Field(
        default=120, ge=1, le=1_000_000, description="How many pictures one address may have drawn in a minute."
    )
    max_export_scale: int = Field(default=16, ge=1, le=64, description="Largest scale of an exported picture.")
    max_export_pixels: int = Field(
        default=40_000_000,
        ge=1,
        le=200_000_000,
        description="Most pixels in an exported picture; each takes 1 to 4 bytes.",
    )

    @field_validator("client_dir")
    @classmethod
    def _has_an_index(cls, folder: Path | None) -> Path | None:
        if folder is not None and not (folder / "index.html").is_file():
            raise ValueError(f"{folder} has no index.html; build the client first (make client) or leave this out.")
        return folder

    @property
    def session_ms(self) -> Milliseconds:
        """How long a session lasts, in milliseconds."""
        return self.session_days * 86_400_000
