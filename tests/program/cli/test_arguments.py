from __future__ import annotations

import pytest

from pixels.cli.arguments import read_position, read_region
from pixels_core.canvas.geometry import Rect
from pixels_core.errors import ConfigurationError


def test_positions_and_regions() -> None:
    assert read_position("120, 80") == (120, 80)
    assert read_region("1,2,3,4") == Rect(1, 2, 3, 4)


@pytest.mark.parametrize("text", ["", "1", "1,2,3", "a,b", "-1,2", "1.5,2", "1,"])
def test_no_positions(text: str) -> None:
    with pytest.raises(ConfigurationError, match="a position is X,Y"):
        read_position(text)


@pytest.mark.parametrize("text", ["1,2", "1,2,3,0", "1,2,0,3", "1,2,3,x"])
def test_no_regions(text: str) -> None:
    with pytest.raises(ConfigurationError):
        read_region(text)
