"""Settings of the DynamoDB store, from the environment (`PIXELS_DYNAMODB_…`) or `.env`.

Credentials are none of them: they come from where AWS's own tools take them (`AWS_ACCESS_KEY_ID`, a profile, a role).
"""

from __future__ import annotations

from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "PIXELS_DYNAMODB_"


class DynamoSettings(BaseSettings):
    """Which table, and how patient to be with it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    table: str = Field(
        default="pixels",
        pattern=r"^[a-zA-Z0-9_.-]{3,255}$",
        description="Name of the table; many canvases can share one.",
    )
    region: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9-]{1,64}$",
        description="AWS region; without it the one of AWS's own settings.",
    )
    endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        description="Address of another DynamoDB, as DynamoDB Local's http://127.0.0.1:8001.",
    )
    connect_seconds: float = Field(default=1, gt=0, le=60, description="How long a connection may take to open.")
    request_seconds: float = Field(default=2, gt=0, le=60, description="How long one request may take.")
    total_seconds: float = Field(
        default=5,
        gt=0,
        le=600,
        description="How long something is tried again before the store counts as unavailable.",
    )
    connections: int = Field(default=32, ge=1, le=1_000, description="Connections kept open at most.")
    totals_seconds: float = Field(
        default=15, ge=0, le=3_600, description="How old the counts of the statistics may be; they read every user."
    )
    log_expiry_days: int | None = Field(
        default=None,
        ge=30,
        description="Log batches delete themselves, free of charge, this long after they were written; without it "
        "pruning deletes them. Longer than PIXELS_RETENTION_DAYS, and only for canvases that are always served.",
    )
