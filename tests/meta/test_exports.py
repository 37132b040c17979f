"""`import pixels_core` is an API: what it offers changes on purpose or not at all."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pixels_core
from tests.support.repository import ROOT

EXPORTS = [
    "Accepted",
    "Actor",
    "Answer",
    "BanUser",
    "BatchWindow",
    "BlockingClient",
    "CURATED",
    "Canvas",
    "CanvasIdentity",
    "CanvasState",
    "Change",
    "ChangeLimits",
    "ChangePalette",
    "ChangePause",
    "ClientFault",
    "ClientOptions",
    "Command",
    "ConfigurationError",
    "DrawReport",
    "Effects",
    "Engine",
    "Event",
    "EventBatch",
    "Limits",
    "LockRegion",
    "MemoryStore",
    "Palette",
    "PixelPlaced",
    "PixelsClient",
    "PixelsError",
    "PlacePixel",
    "Placed",
    "PlacementLost",
    "PlacementRejected",
    "PostNotice",
    "RateLimit",
    "ReasonCode",
    "Rect",
    "Refused",
    "RegionLock",
    "RegionLocks",
    "Role",
    "Sequencer",
    "SequencerPhase",
    "ServerFault",
    "ServerUnreachable",
    "Size",
    "StoreCorrupt",
    "Swatch",
    "SyncClient",
    "TokenBucket",
    "TokenError",
    "UnlockRegion",
    "Verdict",
    "Work",
    "checksum_of",
    "coalesce",
    "connect",
    "pack_batch",
    "pack_snapshot",
    "recover",
    "unpack_batch",
    "unpack_snapshot",
]
NEED_THE_CLIENT_EXTRA = {"BlockingClient", "ClientOptions", "PixelsClient", "connect"}

_ALONE = """
import sys
sys.path.insert(0, sys.argv[1])
import pixels_core
for name in pixels_core.__all__:
    try:
        getattr(pixels_core, name)
    except ImportError as problem:
        print(name, problem)
"""


def test_the_exports_are_these() -> None:
    assert sorted(EXPORTS) == sorted(pixels_core.__all__)
    assert set(EXPORTS) <= set(dir(pixels_core))


@pytest.mark.parametrize("name", EXPORTS)
def test_each_name_leads_to_what_it_names(name: str) -> None:
    value = getattr(pixels_core, name)
    assert getattr(value, "__name__", name) == name


def test_there_is_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'tea'"):
        _ = pixels_core.tea


def test_without_packages_only_the_network_client_is_missing_and_says_what_to_install() -> None:
    """[CORE-1] In a bare interpreter."""
    command = [sys.executable, "-I", "-S", "-c", _ALONE, str(ROOT)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {line.split()[0] for line in said} == NEED_THE_CLIENT_EXTRA
    assert all("install pixels[client]" in line for line in said), said


def test_importing_the_package_imports_none_of_its_modules() -> None:
    script = "import sys, pixels_core; print([n for n in sys.modules if n.startswith('pixels_core.')])"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert said.strip() == "[]"
