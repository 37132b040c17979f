"""The golden vectors that pytest and vitest share."""

from __future__ import annotations

import json
from typing import Any

from tests.support.repository import ROOT

VECTORS: dict[str, Any] = json.loads((ROOT / "tests/vectors/protocol.json").read_text("utf-8"))
